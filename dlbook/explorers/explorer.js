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

  // On a page the engine of tapes is a file beside the others; elsewhere the figure carries it.
  const engine = async (path) => {
    if (!window.dlbookTapes) await (window.dlbookEngine ||= load({ src: onPage(path) }));
    return window.dlbookTapes;
  };

  // A page of the book keeps what is large in a file of its own.
  const whole = async ({ later, ...data }) => {
    if (later) await load({ src: onPage(later.file) });
    return later ? { ...data, ...window.dlbookData[later.key] } : data;
  };

  // ---- Words: numbers in Python's formats, such as ".2f", "+.3g" or ",d".

  const trimmed = (digits) => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);
  const general = (x, precision) => {
    const [digits, exponent] = x.toExponential(precision - 1).split("e"), power = Number(exponent);
    if (power >= -4 && power < precision) return trimmed(x.toFixed(precision - 1 - power));
    return trimmed(digits) + "e" + (power < 0 ? "-" : "+") + String(Math.abs(power)).padStart(2, "0");
  };
  const written = (x, form = "") => {
    if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x < 0 ? "−∞" : "∞";
    const [, sign, comma, precision, kind] = /^(\+?)(,?)(?:\.(\d+))?([fgd%]?)$/.exec(form);
    const digits = {
      f: () => x.toFixed(precision ?? 6),
      g: () => general(x, Number(precision || 6)),
      "%": () => (100 * x).toFixed(precision ?? 6) + "%",
    }[kind]?.() ?? String(x);
    const grouped = comma ? digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",") : digits;
    return (sign && x >= 0 ? "+" : "") + grouped.replace(/^-/, "−");
  };
  const filled = (sentence, numbers, phrases) => sentence.replace(/\{(\w+):?([^}]*)\}/g, (_, name, form) =>
    (name in phrases ? phrases[name][numbers[name]] : written(numbers[name], form)));

  // ---- Controls: a place among values, or a number of a dial.

  const chosen = ({ values, least, most, steps, log }, input) => {
    if (values) return values[input.value];
    const share = input.value / steps;
    return log ? least * (most / least) ** share : least + (most - least) * share;
  };
  const worded = (control, input) =>
    control.words ? control.words[input.value] : written(chosen(control, input), control.form);

  const label = (control, input) => {
    const value = input.closest(".dlx-control").querySelector(".dlx-value");
    if (!value) return;
    value.textContent = worded(control, input);
    input.setAttribute("aria-valuetext", value.textContent);
  };

  const embedded = async (place, spec) =>
    (await window.vegaEmbed(place, spec, { renderer: "svg", actions: false, ast: true, tooltip: false })).view;

  // A chart keeps the room of its still, so that nothing below it jumps, now or at a move.
  const keepRoom = (place) => {
    const still = place.querySelector("svg");
    if (!still) return;
    const { width, height } = still.viewBox.baseVal;
    place.style.setProperty("--width", `${width}px`);
    place.style.setProperty("--width-to-height", width / height);
    place.classList.add("kept");
  };

  // ---- What a move changes: the parameters of charts, or the tables that a tape computes.

  const setKnown = (controls, inputs, view) => controls.forEach((control, i) => {
    if (view.known.has(control.name)) view.signal(control.name, chosen(control, inputs[i]));
  });

  const withValues = (controls, inputs, spec) => {
    const set = (parameter) => {
      const i = controls.findIndex(({ name }) => name === parameter.name);
      return i < 0 ? parameter : { ...parameter, value: chosen(controls[i], inputs[i]) };
    };
    return { ...spec, params: (spec.params || []).map(set) };
  };

  const FAR = 1e9; // where what is infinite is drawn
  const drawn = (x) => (x === Infinity ? FAR : x === -Infinity ? -FAR : x);
  const rowsOf = (numbers, table) => {
    const columns = Object.entries(table).map(([name, column]) => [name, numbers(column)]);
    let length = Math.max(...columns.map(([, column]) => column.length));
    // Rows at the end that repeat the one before, as those behind the last step of a walk, show nothing new.
    while (length > 1 && columns.every(([, column]) => Object.is(column[length - 1], column[length - 2]))) length--;
    return Array.from({ length }, (_, i) =>
      Object.fromEntries(columns.map(([name, column]) => [name, drawn(column[column.length > 1 ? i : 0])])));
  };

  // Menus of texts choose a tape; the numbers of the other controls are its inputs.
  const computeTables = ({ tapes, controls, sentence, phrases }, { TYPES, tensor, numbers, play }) => {
    const texts = (control) => typeof control.values?.[0] === "string";
    const number = (control, input) =>
      tensor(TYPES[control.whole ? "int64" : "float64"].of(chosen(control, input)), []);
    const ready = {};
    const prepared = (key) => (ready[key] ||= {
      compute: play(tapes[key].function),
      walks: tapes[key].walks.map((walk) => ({ ...walk, start: play(walk.start), step: play(walk.step), until: walk.until && play(walk.until) })),
    });
    const walked = ({ start, step, steps, until }, given) => {
      const last = until ? numbers(until(given))[0] : steps;
      let state = start(given);
      const columns = Object.values(state).map((part) =>
        tensor(new Float64Array((steps + 1) * numbers(part).length), [steps + 1, ...part.shape]));
      for (let i = 0; ; i++) {
        Object.values(state).map(numbers).forEach((row, k) => columns[k].data.set(row, i * row.length));
        if (i === steps) return columns;
        if (i < last) state = step([...Object.values(state), ...given]);
      }
    };
    let last, found;
    const returned = (inputs) => {
      const places = inputs.map((input) => input.value);
      if (places.join() === last) return found;
      last = places.join();
      const { compute, walks } = prepared(places.filter((_, i) => texts(controls[i])).join());
      const given = controls.flatMap((control, i) => (texts(control) ? [] : [number(control, inputs[i])]));
      return (found = compute([...given, ...walks.flatMap((walk) => walked(walk, given))]));
    };
    // A chart may have data of its own besides, such as contour lines.
    const tables = (inputs, spec) => {
      const drawn = new Set(tablesOf(spec));
      return Object.entries(returned(inputs)).filter(([name]) => drawn.has(name));
    };
    const same = (table, other) => other && Object.entries(table).every(([name, column]) => {
      const [x, y] = [numbers(column), numbers(other[name])];
      return x.length === y.length && x.every((number, i) => Object.is(number, y[i]));
    });
    return {
      begin: (inputs, spec) => {
        const rows = tables(inputs, spec).map(([name, table]) => [name, rowsOf(numbers, table)]);
        return { ...withValues(controls, inputs, spec), datasets: { ...spec.datasets, ...Object.fromEntries(rows) } };
      },
      update: (inputs, view, spec) => {
        setKnown(controls, inputs, view);
        for (const [name, table] of tables(inputs, spec)) {
          if (!same(table, view.tables[name])) view.data(name, rowsOf(numbers, table));
          view.tables[name] = table;
        }
      },
      sentence: (inputs) => {
        // A table may have a column named data or shape.
        const single = Object.entries(returned(inputs)).filter(([, { shape }]) => Array.isArray(shape) && !shape.length);
        return filled(sentence, Object.fromEntries(single.map(([name, part]) => [name, numbers(part)[0]])), phrases);
      },
    };
  };

  const start = (root) => {
    root.dataset.started = "";
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    const { controls } = data;
    const bar = root.querySelector(".dlx-controls");
    const outcome = root.querySelector(".dlx-outcome");
    const elements = [...bar.children];
    const inputs = elements.map((element) => element.querySelector("input, select"));
    let figure, views = [];

    const show = () => Promise.all(views.map((view) => {
      figure.update(inputs, view, view.spec);
      return view.runAsync();
    }));

    // A dial may have an effect for some of a menu's values alone.
    const rest = () => controls.forEach(({ only }, i) => {
      const menu = controls.findIndex(({ name }) => name === only?.menu);
      inputs[i].disabled = menu >= 0 && !only.values.includes(chosen(controls[menu], inputs[menu]));
    });

    const say = () => {
      rest();
      controls.forEach((control, i) => label(control, inputs[i]));
      const text = figure?.sentence(inputs);
      if (text !== undefined && text !== outcome.textContent) outcome.textContent = text;
    };

    const moved = () => { say(); return show().then(() => root.dispatchEvent(new Event("dlx-shown"))); };
    for (const input of inputs) input.addEventListener("input", moved);
    elements.forEach((element, i) => {
      const button = element.querySelector(".dlx-play");
      if (button) button.addEventListener("click", () => play(button, inputs[i], moved));
    });
    rest();
    bar.hidden = false;

    const draw = async () => {
      const [all] = await Promise.all([whole(data), vega(data.vega)]);
      figure ||= computeTables(all, await engine(all.engine));
      const places = [...root.querySelectorAll(".dlx-view")];
      const moves = () => inputs.map((input) => input.value).join();
      const first = moves();
      views = await Promise.all(all.specs.map(async (spec, i) => {
        const place = document.createElement("div");
        const view = await embedded(place, figure.begin(inputs, spec));
        view.known = new Set((spec.params || []).map((parameter) => parameter.name));
        view.spec = spec;
        view.tables = {}; // what it shows
        keepRoom(places[i]);
        places[i].replaceChildren(place);
        return view;
      }));
      say();
      if (moves() !== first) await show();
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

  // The names of the tables that a chart or its layers draw.
  const tablesOf = (part) => [part.data?.name, ...(part.layer || []).flatMap(tablesOf)].filter(Boolean);

  const play = (button, input, moved) => {
    if (button.dataset.timer) return stop(button);
    button.textContent = "Pause";
    if (input.value === input.max) {
      input.value = input.min;
      moved();
    }
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

  window.dlbookFigures = { whole, vega, engine, chosen, label, written, embedded };
  document.querySelectorAll(".dlx:not([data-started])").forEach(start);
})();
