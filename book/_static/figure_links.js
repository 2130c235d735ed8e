// A link to a figure or lab with its values: "#figure-2:17,3" leads to the second one of the page and
// puts its controls where they were.
(() => {
  "use strict";
  const figures = [...document.querySelectorAll(":is(.dlx, .dlx-lab):has(.dlx-controls .dlx-control)")];
  const controls = (figure) => [...figure.querySelectorAll(".dlx-control :is(input, select)")];
  const hash = (figure) =>
    `#figure-${figures.indexOf(figure) + 1}:${controls(figure).map(({ value }) => value).join()}`;

  const copy = async (figure, button) => {
    history.replaceState(null, "", hash(figure));
    let told = "Copied";
    try { await navigator.clipboard.writeText(location.href); } catch { told = "See the address"; }
    button.textContent = told;
  };

  const follow = () => {
    const [, place, values] = /^#figure-(\d+):(.*)$/.exec(location.hash) ?? [];
    const figure = figures[place - 1];
    if (!figure) return;
    figure.scrollIntoView();
    values.split(",").forEach((value, i) => {
      const control = controls(figure)[i];
      if (!control || !/^\d+$/.test(value)) return;
      const before = control.value;
      control.value = value;
      if (!control.value) control.value = before; // a menu without this choice
      control.dispatchEvent(new Event("input"));
    });
  };

  for (const figure of figures) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "dlx-link" });
    button.textContent = "Copy link";
    button.title = "The address of this figure with its present values";
    button.addEventListener("click", () => copy(figure, button));
    for (const moved of ["input", "dlx-shown"]) {
      figure.addEventListener(moved, () => { button.textContent = "Copy link"; });
    }
    figure.querySelector(".dlx-controls").append(button);
  }
  addEventListener("hashchange", follow);
  follow();
})();
