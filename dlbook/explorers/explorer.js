(() => {
  "use strict";
  const NEAR = "400px"; // how far below the window a figure may be when Vega is fetched for it
  const WAIT_MILLISECONDS = 30000;

  const load = ({ src, integrity }) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    if (integrity) Object.assign(script, { integrity, crossOrigin: "anonymous" });
    script.onload = resolve;
    script.onerror = () => reject(new Error("could not load " + src));
    document.head.append(script);
  });

  // In a local kernel the first explorer carries Vega, and it may be shown after this one.
  const carried = () => new Promise((resolve, reject) => {
    const began = Date.now();
    const look = () => {
      if (window.vegaEmbed) resolve();
      else if (Date.now() - began > WAIT_MILLISECONDS) reject(new Error("run this notebook's first explorer again"));
      else setTimeout(look, 100);
    };
    look();
  });

  const onPage = (path) => (document.documentElement.dataset.content_root || "") + path;

  const obtain = async ({ page, pinned }) => {
    if (window.vegaEmbed) return;
    if (page) await load({ src: onPage(page) });
    else if (pinned) for (const source of pinned) await load(source);
    else await carried();
  };

  const vega = (sources) => (window.dlbookVega ||= obtain(sources));

  // A page of the book keeps what is large in a file of its own.
  const whole = async ({ later, ...data }) => {
    if (later) await load({ src: onPage(later.file) });
    return later ? { ...data, ...window.dlbookData[later.key] } : data;
  };

  const start = (root) => {
    root.dataset.started = "";
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    const { controls, outcomes } = data;
    const bar = root.querySelector(".dlx-controls");
    const outcome = root.querySelector(".dlx-outcome");
    const elements = [...bar.children];
    const inputs = elements.map((element) => element.querySelector("input, select"));
    let views = [];

    const show = () => Promise.all(views.map((view) => {
      controls.forEach(({ name, values }, i) => {
        if (view.known.has(name)) view.signal(name, values[inputs[i].value]);
      });
      return view.runAsync();
    }));

    const say = () => {
      controls.forEach(({ words }, i) => {
        const value = elements[i].querySelector(".dlx-value");
        if (!value) return;
        value.textContent = words[inputs[i].value];
        inputs[i].setAttribute("aria-valuetext", words[inputs[i].value]);
      });
      const chosen = inputs.map((input) => input.value);
      while (chosen.length && !(chosen.join() in outcomes)) chosen.pop();
      const text = outcomes[chosen.join()];
      if (text !== undefined && text !== outcome.textContent) outcome.textContent = text;
    };

    const moved = () => { say(); return show().then(() => root.dispatchEvent(new Event("dlx-shown"))); };
    for (const input of inputs) input.addEventListener("input", moved);
    elements.forEach((element, i) => {
      const button = element.querySelector(".dlx-play");
      if (button) button.addEventListener("click", () => play(button, inputs[i], moved));
    });
    bar.hidden = false;

    const draw = async () => {
      const [{ specs }] = await Promise.all([whole(data), vega(data.vega)]);
      const places = [...root.querySelectorAll(".dlx-view")];
      views = await Promise.all(specs.map(async (spec, i) => {
        const place = document.createElement("div");
        const { view } = await window.vegaEmbed(place, spec, { renderer: "svg", actions: false, ast: true, tooltip: false });
        view.known = new Set((spec.params || []).map((parameter) => parameter.name));
        places[i].replaceChildren(place);
        return view;
      }));
      await show();
      root.dataset.drawn = "";
    };

    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      draw().catch((error) => {
        bar.hidden = true;
        outcome.textContent = "The controls of this figure could not start: " + error.message + ".";
      });
    }, { rootMargin: NEAR });
    watcher.observe(root);
  };

  const play = (button, input, moved) => {
    if (button.dataset.timer) return stop(button);
    button.textContent = "Pause";
    if (input.value === input.max) input.value = input.min;
    button.dataset.timer = setInterval(() => {
      input.value = Number(input.value) + 1;
      moved();
      if (input.value === input.max || !button.isConnected) stop(button);
    }, Number(button.dataset.pace));
  };

  const stop = (button) => {
    clearInterval(Number(button.dataset.timer));
    delete button.dataset.timer;
    button.textContent = "Play";
  };

  document.querySelectorAll(".dlx:not([data-started])").forEach(start);
})();
