// What is too wide for the window scrolls: let the keyboard reach it. Code is arranged when the
// reader comes near, and asked then.
(() => {
  "use strict";
  const SCROLLING =
    "pre, .cell_output > .output, .pst-scrollable-table-container, .formula-long, .formula-display";
  const isArranged = (each) =>
    (each.firstElementChild ?? each).checkVisibility({ contentVisibilityAuto: true });
  const reach = (elements) => {
    const arranged = [...elements].filter(isArranged);
    // First all are measured, then all are changed: the page is arranged once.
    const wide = arranged.map((each) => each.scrollWidth > each.clientWidth);
    arranged.forEach((each, i) => {
      if (wide[i]) each.tabIndex = 0;
      else each.removeAttribute("tabindex");
    });
  };
  const reachAll = () => reach(document.querySelectorAll(SCROLLING));
  addEventListener("load", reachAll);
  addEventListener("resize", reachAll);
  addEventListener("toggle", reachAll, true);
  addEventListener("contentvisibilityautostatechange", ({ target }) => reach([target]));
})();
