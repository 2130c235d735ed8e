// A formula that is too long for the window scrolls: let the keyboard reach it, as the theme does
// for code.
(() => {
  "use strict";
  const reach = () => {
    const formulas = [...document.querySelectorAll(".formula-long, .formula-display")];
    // First all are measured, then all are changed: the page is arranged once.
    const long = formulas.map((formula) => formula.scrollWidth > formula.clientWidth);
    formulas.forEach((formula, i) => {
      if (long[i]) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    });
  };
  addEventListener("load", reach);
  addEventListener("resize", reach);
})();
