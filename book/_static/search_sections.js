// A hit of the search leads to the section that has the words, not to the top of a long chapter.
(() => {
  "use strict";
  const summary = Search.makeSearchSummary;
  // As typed: what Sphinx searches for are their stems.
  const words = (new URLSearchParams(location.search).get("q") ?? "").toLowerCase().split(/\s+/);

  const hasWords = ({ textContent }) => words.every((word) => textContent.toLowerCase().includes(word));
  const innermost = (section) => {
    const inner = [...section.querySelectorAll(":scope > section[id]")].find(hasWords);
    return inner ? innermost(inner) : section;
  };

  Search.makeSearchSummary = (html, stems, anchor) => {
    const found = summary(html, stems, anchor);
    const page = new DOMParser().parseFromString(html, "text/html");
    const top = page.querySelector("article > section[id]");
    if (found && top && !anchor) {
      const { id } = innermost(top);
      // The summary is put beside the link when this has returned.
      queueMicrotask(() => (found.closest("li").querySelector("a").hash = id));
    }
    return found;
  };
})();
