// The training lab of a page: what dlbook.training.fit does, from tapes, in slices of a frame.
(() => {
  "use strict";
  const { whole, vega, engine, chosen, label, written, embedded } = window.dlbookFigures;
  const SLICE_MILLISECONDS = 12, REDRAW_MILLISECONDS = 150;
  const SHARE = 4; // training gets at least so many times as long as drawing
  const MAP_CELLS = 60, MAP_PIXELS = 320;

  // ---- A run, without its looks.

  const unpacked = ({ TYPES, tensor }, { type, shape, bytes }) => {
    const letters = atob(bytes), memory = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return tensor(new TYPES[type](memory.buffer), shape);
  };
  // Pictures come as places among few numbers, without their blank margin.
  const pictures = (tools, packed) => {
    const inside = unpacked(tools, packed), { levels, margin, blank } = packed;
    if (!levels) return inside;
    const [n, channels, height, width] = inside.shape, across = width + 2 * margin, down = height + 2 * margin;
    const x = new Float32Array(n * channels * down * across).fill(levels[blank]);
    inside.data.forEach((place, i) => {
      const row = Math.floor(i / width), picture = Math.floor(row / height);
      x[(picture * down + margin + (row % height)) * across + margin + (i % width)] = levels[place];
    });
    return tools.tensor(x, [n, channels, down, across]);
  };
  const samplesOf = (tools, pair) => pair.map(({ x, y }) => ({ x: pictures(tools, x), y: unpacked(tools, y) }));

  // A network that learns, a step at a time. Weights and the order of the samples come from the seed.
  const training = (engine, { set, model, optimizer }, { lr, batch_size, epochs, seed }) => {
    const { tensor, play, generator, rows } = engine;
    const [samples, held] = set, n = samples.y.shape[0];
    const learn = play(model.learn), predict = play(model.predict), update = play(optimizer.update);
    const zeros = (shape) => tensor(new Float32Array(shape.reduce((size, n) => size * n, 1)), shape);
    const weights = generator(seed), orders = generator(seed), rate = tensor(Float32Array.of(lr), []);
    const parameters = model.parameters.map(({ name, shape, bound }) => ({
      name, w: weights.uniform(shape, -bound, bound), memory: optimizer.memory.map((like) => zeros(like ? shape : [])),
    }));
    const run = {
      parameters, losses: [], accuracies: [], stepsPerEpoch: Math.ceil(n / batch_size), diverged: false,
      get done() { return run.diverged || run.losses.length >= epochs * run.stepsPerEpoch; },
    };
    let order, next = n;

    run.probabilities = (x) => predict([x, ...parameters.map(({ w }) => w)]);
    run.accuracy = () => {
      const found = run.probabilities(held.x), classes = found.shape[1], y = held.y.data;
      let right = 0;
      for (let i = 0; i < y.length; i++) {
        const row = found.data.subarray(i * classes, (i + 1) * classes);
        right += row.indexOf(Math.max(...row)) === y[i];
      }
      return right / y.length;
    };
    run.step = () => {
      if (next >= n) [order, next] = [orders.permutation(n).data, 0];
      const batch = order.subarray(next, (next += batch_size)), index = tensor(batch, [batch.length]);
      const [loss, gradients] = learn([rows(samples.x, index), rows(samples.y, index), ...parameters.map(({ w }) => w)]);
      for (const parameter of parameters) {
        [parameter.w, parameter.memory] = update([parameter.w, gradients[parameter.name], rate, ...parameter.memory]);
      }
      run.losses.push(loss.data[loss.offset]);
      run.diverged = !Number.isFinite(run.losses.at(-1));
      if (next >= n && !run.diverged) run.accuracies.push(run.accuracy());
    };
    return run;
  };

  // What guessing the commonest class gets right, and a little more than chance adds to it.
  const guessing = ({ data }) => {
    const counts = {};
    for (const label of data) counts[label] = (counts[label] || 0) + 1;
    const share = Math.max(...Object.values(counts)) / data.length;
    return Math.min(1, share + 2 * Math.sqrt((share * (1 - share)) / data.length));
  };

  // ---- Its looks.

  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const pointsOf = ({ losses, stepsPerEpoch }, { window, points: most }) => {
    const stride = Math.ceil(losses.length / most) || 1, points = [];
    for (let step = losses.length; step > 0; step -= stride) {
      const value = mean(losses.slice(Math.max(0, step - window), step));
      if (Number.isFinite(Math.log(value))) points.push({ epoch: step / stepsPerEpoch, value });
    }
    return points;
  };

  const tagged = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // The classes over the plane, as shades of two colors, with the samples on top.
  const planeOf = ({ tensor }, colors) => {
    const canvas = tagged("canvas", { width: MAP_PIXELS, height: MAP_PIXELS, className: "dlx-map" });
    canvas.setAttribute("role", "img");
    const brush = canvas.getContext("2d");
    const rgb = colors.map((color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)));
    const draw = (run, { x, y }) => {
      const at = (i, axis) => x.data[2 * i + axis], count = y.data.length;
      const ends = [0, 1].map((axis) => {
        const all = Array.from({ length: count }, (_, i) => at(i, axis)), low = Math.min(...all), high = Math.max(...all);
        return [low - 0.1 * (high - low), high + 0.1 * (high - low)];
      });
      const place = (axis, share) => ends[axis][0] + share * (ends[axis][1] - ends[axis][0]);
      const grid = new Float32Array(2 * MAP_CELLS ** 2), cell = MAP_PIXELS / MAP_CELLS;
      for (let i = 0; i < MAP_CELLS ** 2; i++) {
        grid[2 * i] = place(0, ((i % MAP_CELLS) + 0.5) / MAP_CELLS);
        grid[2 * i + 1] = place(1, 1 - (Math.floor(i / MAP_CELLS) + 0.5) / MAP_CELLS);
      }
      const found = run.probabilities(tensor(grid, [MAP_CELLS ** 2, 2])), classes = found.shape[1];
      for (let i = 0; i < MAP_CELLS ** 2; i++) {
        const shares = found.data.subarray(i * classes, (i + 1) * classes);
        const mixed = [0, 1, 2].map((part) => shares.reduce((sum, share, k) => sum + share * rgb[k][part], 0));
        brush.fillStyle = `rgb(${mixed.map((part) => Math.round(0.45 * part + 0.55 * 255)).join()})`;
        brush.fillRect((i % MAP_CELLS) * cell, Math.floor(i / MAP_CELLS) * cell, cell + 1, cell + 1);
      }
      for (let i = 0; i < count; i++) {
        const [u, v] = [0, 1].map((axis) => (at(i, axis) - ends[axis][0]) / (ends[axis][1] - ends[axis][0]));
        brush.beginPath();
        brush.arc(u * MAP_PIXELS, (1 - v) * MAP_PIXELS, 3, 0, 2 * Math.PI);
        Object.assign(brush, { fillStyle: colors[y.data[i]], strokeStyle: "#fff" });
        brush.fill();
        brush.stroke();
      }
      canvas.setAttribute("aria-label", `The training samples over the plane, shaded by the class that the network names.`);
    };
    return { canvas, draw };
  };

  const start = (root) => {
    root.dataset.started = "";
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    const bar = root.querySelector(".dlx-controls"), status = root.querySelector(".dlx-outcome");
    const inputs = [...bar.querySelectorAll("input, select")];
    const [train, stop, clear] = bar.querySelectorAll("button"), progress = bar.querySelector("progress");
    const runs = [];
    let views = [], plane, parts, tools, running;

    const settings = () => Object.fromEntries([
      ...Object.entries(data.alone),
      ...data.controls.map((control, i) => [control.name, chosen(control, inputs[i])]),
    ]);
    const say = (text) => { if (status.textContent !== text) status.textContent = text; };
    const inWords = ({ set, model, optimizer, lr, batch_size, seed }) =>
      [set, model, optimizer, `rate ${written(lr, ".3g")}`, `batch ${batch_size}`, `seed ${seed}`].join(", ");

    // The newest runs are drawn, so that each has a color of its own.
    const seen = (i) => i >= runs.length - data.colors.length;
    const curve = (points) => runs.flatMap((run, i) => (seen(i) ? points(run) : []).map((point) =>
      ({ ...point, run: i, color: i % data.colors.length, opacity: i === runs.length - 1 ? 1 : 0.45 })));
    // Unseen points hold the axes open: from the beginning to the end of the longest run that is drawn.
    const length = (run) => (run.ended ? run.losses.length / run.stepsPerEpoch : run.epochs);
    const ends = (value) => [0, Math.max(1, ...runs.filter((_, i) => seen(i)).map(length))].map((epoch) =>
      ({ epoch, value, run: -1, color: 0, opacity: 0 }));
    const draw = async () => {
      const tables = {
        losses: [...ends(1), ...curve((run) => pointsOf(run, data.losses))],
        accuracies: [...ends(0), ...curve((run) => run.accuracies.map((value, i) => ({ epoch: i + 1, value })))],
      };
      const values = tables.losses.map(({ value }) => value), { round } = data.losses;
      const bottom = round.findLast((end) => end <= Math.min(...values)) ?? round[0];
      const top = round.find((end) => end >= Math.max(...values)) ?? round.at(-1);
      views[0]?.view.signal("bottom", Math.min(bottom, top / 2)).signal("top", top);
      await Promise.all(views.map(({ view, table }) => view.data(table, tables[table]).runAsync()));
      const run = runs.at(-1);
      plane.canvas.hidden = run?.samples.x.shape[1] !== 2;
      if (!plane.canvas.hidden) plane.draw(run, run.samples);
      root.querySelector(".dlx-runs").replaceChildren(table());
    };
    const table = () => {
      const names = ["run", "settings", "epochs", "loss, last epoch", "held-out accuracy", "ended"];
      const head = tagged("tr", {}, ...names.map((name) => tagged("th", { scope: "col", textContent: name })));
      const body = runs.map((run, i) => {
        const swatch = tagged("span", { className: "dlx-swatch" });
        if (seen(i)) swatch.style.background = data.colors[i % data.colors.length];
        const loss = mean(run.losses.slice(-run.stepsPerEpoch)), accuracy = run.accuracies.at(-1);
        const cells = [run.words, written(run.losses.length / run.stepsPerEpoch, ".1f"), run.losses.length ? written(loss, ".3g") : "",
          accuracy === undefined ? "" : written(accuracy, ".1%"), run.ended || ""];
        return tagged("tr", {}, tagged("td", {}, swatch, ` ${i + 1}`), ...cells.map((text) => tagged("td", { textContent: text })));
      });
      return tagged("table", { hidden: !runs.length }, tagged("thead", {}, head), tagged("tbody", {}, ...body));
    };

    const ended = (run, stopped) => {
      if (run.diverged) return `diverged at step ${run.losses.length}`;
      const poor = run.accuracies.length && run.accuracies.at(-1) < guessing(run.held.y);
      return (stopped ? "stopped" : "done") + (poor ? ", no better than guessing" : "");
    };
    const told = (run) => {
      const accuracy = run.accuracies.length ? `, held-out accuracy ${written(run.accuracies.at(-1), ".1%")}` : "";
      const epoch = Math.min(Math.ceil(run.losses.length / run.stepsPerEpoch), run.epochs);
      return `Run ${runs.length}: ${run.ended || `epoch ${epoch} of ${run.epochs}`}${accuracy}.`;
    };

    const finish = (stopped = false) => {
      const run = running;
      running = null;
      run.ended = ended(run, stopped);
      [train.disabled, stop.disabled, clear.disabled] = [false, true, false];
      say(told(run));
      return draw();
    };
    let due = 0;
    const slice = async (now) => {
      const run = running;
      if (!run) return;
      while (!run.done && performance.now() - now < SLICE_MILLISECONDS) run.step();
      progress.value = run.losses.length / (run.epochs * run.stepsPerEpoch);
      if (run.done) return finish();
      if (now > due) {
        say(told(run));
        await draw();
        const after = performance.now();
        due = after + Math.max(REDRAW_MILLISECONDS, SHARE * (after - now));
        if (running !== run) return; // stopped meanwhile, and perhaps another begun
      }
      requestAnimationFrame(slice);
    };
    const begin = () => {
      const wanted = settings();
      const set = parts.sets[wanted.set];
      running = training(tools, { set, model: parts.models[wanted.model], optimizer: parts.optimizers[wanted.optimizer] }, wanted);
      Object.assign(running, { words: inWords(wanted), epochs: wanted.epochs, samples: set[0], held: set[1] });
      runs.push(running);
      [train.disabled, stop.disabled, clear.disabled] = [true, false, true];
      requestAnimationFrame(slice);
    };
    const forget = () => {
      runs.length = 0;
      progress.value = 0;
      clear.disabled = true;
      say("Press Train.");
      return draw();
    };

    // Charts, engine and samples are fetched for who trains; until then a picture stands there.
    const prepare = async () => {
      const [all] = await Promise.all([whole(data), vega(data.vega)]);
      tools = await engine(all.engine);
      const sets = Object.entries(all.sets).map(([name, pair]) => [name, samplesOf(tools, pair)]);
      parts = { ...all, sets: Object.fromEntries(sets) };
      plane = planeOf(tools, data.colors);
      const places = all.specs.map(() => tagged("div", { className: "dlx-view" }));
      views = await Promise.all(all.specs.map(async (spec, i) => {
        const datasets = { [spec.data.name]: ends(1) };
        return { view: await embedded(places[i], { ...spec, datasets }), table: spec.data.name };
      }));
      root.querySelector(".dlx-views").replaceChildren(plane.canvas, ...places);
    };
    let prepared;
    const press = async () => {
      train.disabled = true;
      await (prepared ||= prepare());
      begin();
    };
    const fail = (error) => {
      prepared = null;
      train.disabled = false;
      say(`The lab could not start: ${error.message}.`);
    };

    inputs.forEach((input, i) => input.addEventListener("input", () => label(data.controls[i], input)));
    train.addEventListener("click", () => press().catch(fail));
    stop.addEventListener("click", () => finish(true));
    clear.addEventListener("click", forget);
    [stop.disabled, clear.disabled, bar.hidden] = [true, true, false];
    say("Press Train.");
    root.dataset.drawn = "";
  };

  window.dlbookTraining = { training, samplesOf };
  document.querySelectorAll(".dlx-lab:not([data-started])").forEach(start);
})();
