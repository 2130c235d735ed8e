// A field above the glossary leaves the entries that have what was typed, in either language.
(() => {
  "use strict";
  document.querySelector(".glossary-filter").hidden = false;
  const field = document.querySelector(".glossary-filter input");
  const count = document.querySelector(".glossary-filter output");
  const sections = [...document.querySelectorAll("article section section")];
  const entries = sections.flatMap((section) => [...section.querySelectorAll("dl.glossary > dd")].map((meaning) => {
    const parts = [meaning];
    for (let term = meaning.previousElementSibling; term?.tagName === "DT"; term = term.previousElementSibling) parts.push(term);
    return { section, parts, terms: parts.slice(1).map((term) => term.textContent.toLowerCase()).join(" ") };
  }));

  field.addEventListener("input", () => {
    const typed = field.value.trim().toLowerCase(), single = typed.replace(/e?s$/, "");
    const left = entries.filter(({ terms }) => terms.includes(single));
    for (const entry of entries) for (const part of entry.parts) part.hidden = !left.includes(entry);
    for (const section of sections) section.hidden = !left.some((entry) => entry.section === section);
    count.textContent = typed ? `${left.length} of ${entries.length}` : "";
  });
})();
