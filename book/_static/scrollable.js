// A formula that is too long for the window scrolls: let the keyboard reach it, as the theme does
// for code.
(() => {
  "use strict";
  const reach = () => {
    for (const formula of document.querySelectorAll(".formula-long, .formula-display")) {
      if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }
  };
  addEventListener("load", reach);
  addEventListener("resize", reach);
})();
