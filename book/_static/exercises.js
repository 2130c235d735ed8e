// Exercises whose answer is a value are checked on the page; what was solved stays in this browser.
// Those that ask for code lead to where it runs.
(() => {
  "use strict";
  const NUMBER = /^[+-]?((\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
  const KEY = "dlbook-solved";

  const solved = () => {
    try { return new Set(JSON.parse(localStorage.getItem(KEY) || "[]")); } catch { return new Set(); }
  };
  const remember = (names) => {
    try { localStorage.setItem(KEY, JSON.stringify([...names])); } catch { /* a browser that keeps nothing */ }
  };

  // A number as people type it: 1,797 or −0.5 or 1e-3 or 7/6.
  const numberOf = (typed) => {
    const [above, below, more] = typed.replace(/−/g, "-").replace(/\s/g, "").split("/");
    if (more !== undefined || ![above, below ?? "1"].every((part) => NUMBER.test(part))) return NaN;
    const [x, y] = [above, below ?? "1"].map((part) => Number(part.replace(/,/g, "")));
    return x / y;
  };
  const short = (x) => String(Number.isSafeInteger(x) ? x : Number(x.toPrecision(6)));
  // A shape as people type it: (100, 3) or [100,3] or 100 × 3 or (5,) or torch.Size([100, 3]).
  const shapeOf = (typed) => {
    const bare = typed.replace(/^torch\.Size\((.*)\)$/, "$1");
    if (/^[([]\s*[)\]]$/.test(bare)) return [];
    const sizes = bare.replace(/^[([](.*)[)\]]$/, "$1").replace(/,\s*$/, "").trim().split(/\s*[,×x]\s*|\s+/i);
    return sizes.every((size) => /^\d+$/.test(size)) ? sizes.map(Number) : null;
  };
  const inWords = (shape) => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`);
  const notYet = (message) => message && `Not yet: ${message}`;
  const verdict = ({ ends, messages, choices, shapes, other }, typed) => {
    if (choices) return typed in choices ? notYet(choices[typed]) : "Choose one of the menu.";
    if (shapes) {
      const shape = shapeOf(typed);
      if (!shape) return "A shape is expected, such as (3, 4).";
      return notYet(shape.join() in shapes ? shapes[shape.join()] : other.replace("{x}", inWords(shape)));
    }
    const x = numberOf(typed);
    if (!Number.isFinite(x)) return "One number is expected, with a point for decimals and no percent sign, such as 12, 0.5 or 7/6.";
    return notYet(messages[ends.filter((end) => x >= end).length])?.replace("{x}", short(x)) ?? null;
  };

  const fields = [...document.querySelectorAll(".exercise-field")];
  const count = Object.assign(document.createElement("p"), { className: "exercise-progress" });
  const linked = (link, words) => {
    const copy = Object.assign(document.createElement("a"), { href: link.href, textContent: words });
    if (words.startsWith("download")) copy.download = "";
    return copy;
  };
  // Where code runs: the links of the page's header once more, where they are needed.
  const places = () => {
    const [colab, file] = [document.querySelector('a[title="Launch on Colab"]'), document.querySelector("a.btn-download-source-button")];
    if (!colab || !file) return [];
    const command = document.createElement("code");
    command.textContent = `python -m jupyter lab ${file.href.split("/").at(-1)}`;
    const others = fields.length ? "The others ask for code, which runs in the notebook: " : "They ask for code, which runs in the notebook: ";
    return [others, linked(colab, "open it on Colab"), ", or ", linked(file, "download it"), " and start ", command, ", once dlbook is installed. "];
  };
  const tell = () => {
    const names = solved(), done = fields.filter((field) => names.has(field.dataset.exercise)).length;
    const clear = Object.assign(document.createElement("button"), { type: "button", textContent: "Forget them" });
    clear.addEventListener("click", () => {
      remember([...solved()].filter((name) => !fields.some((field) => field.dataset.exercise === name)));
      for (const field of fields) field.querySelector("output").textContent = "";
      tell();
    });
    const told = `Solved in this browser: ${done} of ${fields.length} with a field. `;
    count.replaceChildren(...(fields.length ? [told] : []), ...places(), ...(done ? [clear] : []));
  };

  for (const field of fields) {
    const told = JSON.parse(field.querySelector("script").textContent);
    const said = field.querySelector("output"), control = field.querySelector("input, select");
    const name = field.dataset.exercise, solution = field.closest(".cell");
    if (solution) solution.before(field); // out of the fold that hides the solution
    field.hidden = false;
    if (solved().has(name)) said.textContent = "Solved before.";
    field.addEventListener("submit", (event) => {
      event.preventDefault();
      const message = verdict(told, control.value.trim());
      said.textContent = message ?? "Right.";
      field.classList.toggle("solved", message === null);
      if (message === null) remember(solved().add(name));
      tell();
    });
  }
  const intro = document.querySelector("#exercises > p");
  if (intro || fields.length) {
    (intro || fields[0].previousElementSibling || fields[0]).after(count);
    tell();
  }
})();
