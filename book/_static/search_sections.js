// A hit of the search leads to the section that has the words, not to the top of a long chapter.
// The error index and what is called exactly so come first; a bare 4.2 is an exercise.
(() => {
  "use strict";
  const { performSearch, makeSearchSummary: summary } = Search;
  // As typed: what Sphinx searches for are their stems.
  const query = (new URLSearchParams(location.search).get("q") ?? "").trim().toLowerCase();
  const called = query.replace(/^\d+\.\d+$/, "exercise $&"), words = called.split(/\s+/);
  const FIRST = 100;

  Search.performSearch = () => performSearch(called);
  Scorer.score = ([page, title, anchor, , score]) => {
    const exact = title.toLowerCase().split("> ").pop() === called;
    return score + (anchor && (exact || page === "book/errors") ? FIRST : 0);
  };

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
