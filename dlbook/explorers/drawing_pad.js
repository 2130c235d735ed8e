(() => {
  "use strict";
  const SIZE = 28; // pixels on a side of the picture that the network reads
  const BOX = 20; // pixels on a side of the box that the ink is scaled into
  const PEN = 1.15; // half the width of a stroke, in pixels of a paper of 28×28
  const NEAR = "800px"; // how far below the window a pad may be when its network is fetched
  const FINE = 4; // cells of a drawing along each of those pixels
  const SVG = "http://www.w3.org/2000/svg";

  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  // Drawing: strokes, which are lists of points on the paper, become gray cells.

  const distance = (x, y, [x1, y1], [x2, y2]) => {
    const [across, down] = [x2 - x1, y2 - y1];
    const along = ((x - x1) * across + (y - y1) * down) / (across * across + down * down || 1);
    const place = Math.min(1, Math.max(0, along));
    return Math.hypot(x - x1 - place * across, y - y1 - place * down);
  };

  const drawn = (strokes) => {
    const width = SIZE * FINE;
    const ink = new Uint8Array(width * width);
    const cells = (low, high) => [
      Math.max(0, Math.floor((low - PEN) * FINE)), Math.min(width, Math.ceil((high + PEN) * FINE)),
    ];
    const draw = (from, to) => {
      const [left, right] = cells(Math.min(from[0], to[0]), Math.max(from[0], to[0]));
      const [top, bottom] = cells(Math.min(from[1], to[1]), Math.max(from[1], to[1]));
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          const away = distance((column + 0.5) / FINE, (row + 0.5) / FINE, from, to);
          const share = Math.min(1, (PEN - away) * FINE + 0.5); // of the cell, about
          if (share > 0) ink[row * width + column] = Math.max(ink[row * width + column], 255 * share);
        }
      }
    };
    for (const stroke of strokes) stroke.forEach((point, i) => draw(stroke[Math.max(0, i - 1)], point));
    return { width, height: width, ink };
  };

  // Preparing, as MNIST's pictures were: cut out, scaled into the box, centered by mass. The
  // results are those of Pillow's box filter and of Python's round, with which the chapter does it.

  const even = (x) => (x - Math.floor(x) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

  const turned = ({ width, height, ink }) => ({
    width: height, height: width, ink: ink.map((_, i) => ink[(i % height) * width + Math.floor(i / height)]),
  });

  const cut = ({ width, height, ink }) => {
    const full = (row) => ink.subarray(row * width, (row + 1) * width).some(Boolean);
    let [top, bottom] = [0, height];
    while (top < bottom && !full(top)) top++;
    while (bottom > top && !full(bottom - 1)) bottom--;
    return { width, height: bottom - top, ink: ink.slice(top * width, bottom * width) };
  };

  // Each new column is the mean of the old ones whose middles lie in it. Where one lies on a
  // border, the last bit decides: hence Pillow's way to compute it.
  const within = (width, columns, column) => {
    const scale = width / columns;
    const stretch = Math.max(1, scale);
    const middle = (column + 0.5) * scale;
    const first = Math.max(0, Math.floor(middle - 0.5 * stretch + 0.5));
    const end = Math.min(width, Math.floor(middle + 0.5 * stretch + 0.5));
    const places = Array.from({ length: end - first }, (_, i) => first + i);
    return places.filter((i) => Math.abs((i - middle + 0.5) * (1 / stretch)) <= 0.5);
  };

  const narrowed = ({ width, height, ink }, columns) => {
    const means = new Uint8Array(columns * height);
    for (let column = 0; column < columns; column++) {
      const places = within(width, columns, column);
      for (let row = 0; row < height; row++) {
        const sum = places.reduce((total, i) => total + ink[row * width + i], 0);
        means[row * columns + column] = Math.round(sum / places.length);
      }
    }
    return { width: columns, height, ink: means };
  };

  const massCenter = ({ width, ink }) => {
    let [mass, across, down] = [0, 0, 0];
    ink.forEach((value, i) => {
      mass += value;
      across += value * (i % width);
      down += value * Math.floor(i / width);
    });
    return [across / mass, down / mass];
  };

  const prepare = (drawing) => {
    const picture = new Uint8Array(SIZE * SIZE);
    if (!drawing.ink.some(Boolean)) return picture;
    const part = turned(cut(turned(cut(drawing))));
    const longer = Math.max(part.width, part.height);
    const length = (old) => Math.max(1, even((old / longer) * BOX));
    const small = turned(narrowed(turned(narrowed(part, length(part.width))), length(part.height)));
    const [left, top] = massCenter(small).map((center) => even((SIZE - 1) / 2 - center));
    small.ink.forEach((value, i) => {
      const [x, y] = [left + (i % small.width), top + Math.floor(i / small.width)];
      if (x >= 0 && x < SIZE && y >= 0 && y < SIZE) picture[y * SIZE + x] = value;
    });
    return picture;
  };

  // Reading: the tape of the network's answer, played with the page's numbers.

  const reader = ({ tensor, play }, { tape, numbers }) => {
    const answer = play(tape);
    const arrays = { int8: Int8Array, float32: Float32Array };
    const weights = numbers.map(({ type, shape, bytes: text }) =>
      tensor(Float32Array.from(new arrays[type](bytes(text).buffer)), shape));
    return (picture) => Array.from(answer([tensor(Float32Array.from(picture), [1, 1, SIZE, SIZE]), ...weights]).data);
  };

  // The figure.

  const percent = (share) => (share < 0.005 ? "< 1" : share >= 0.995 ? "> 99" : Math.round(100 * share)) + "\u00a0%";

  const sentence = (shares) => {
    const [first, second] = shares.map((_, i) => i).sort((a, b) => shares[b] - shares[a]);
    return `It answers ${first} (${percent(shares[first])}); next comes ${second} (${percent(shares[second])}).`;
  };

  const fillPicture = (root, picture) => {
    const canvas = root.querySelector(".dlp-seen");
    const image = new ImageData(SIZE, SIZE);
    picture.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
    canvas.getContext("2d").putImageData(image, 0, 0);
    canvas.hidden = false;
    root.querySelector(".dlp-still").hidden = true;
  };

  const fillBars = (root, shares) => root.querySelectorAll(".dlp-bars li").forEach((row, i) => {
    row.querySelector(".dlp-bar").style.width = shares ? 100 * shares[i] + "%" : "0";
    row.querySelector(".dlp-share").textContent = shares ? percent(shares[i]) : "–";
    row.classList.toggle("dlp-best", Boolean(shares) && shares[i] === Math.max(...shares));
  });

  // What is on the paper: strokes, or a sample, or nothing. `changed` is called after every change.
  const makePaper = (paper, changed) => {
    const [hint, sample] = [paper.querySelector(".dlp-hint"), paper.querySelector(".dlp-chosen")];
    let strokes = [];

    const keep = (count) => {
      strokes = strokes.slice(0, count);
      [...paper.querySelectorAll("path")].slice(count).forEach((path) => path.remove());
      sample.toggleAttribute("hidden", true);
      hint.toggleAttribute("hidden", count > 0);
    };

    const extend = (points) => {
      strokes.at(-1).push(...points);
      const corners = strokes.at(-1).map((point) => point.map((x) => x.toFixed(2)).join());
      paper.lastElementChild.setAttribute("d", "M" + corners.join("L") + (corners.length > 1 ? "" : "Z"));
    };

    const begin = (point) => {
      keep(strokes.length);
      strokes.push([]);
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("stroke-width", 2 * PEN);
      paper.append(path);
      extend([point]);
      hint.toggleAttribute("hidden", true);
    };

    const point = (event) => {
      const { left, top, width } = paper.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top].map((x) => (x / width) * SIZE);
    };

    paper.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      event.preventDefault();
      paper.setPointerCapture(event.pointerId);
      begin(point(event));
      changed();
    });
    paper.addEventListener("pointermove", (event) => {
      if (!strokes.length || !paper.hasPointerCapture(event.pointerId)) return;
      const all = event.getCoalescedEvents ? event.getCoalescedEvents() : []; // since the last frame
      extend((all.length ? all : [event]).map(point));
      changed();
    });

    return {
      clear: () => keep(0),
      undo: () => keep(Math.max(0, strokes.length - 1)),
      lay: (address) => {
        keep(0);
        sample.setAttribute("href", address);
        sample.toggleAttribute("hidden", false);
        hint.toggleAttribute("hidden", true);
      },
      picture: () => (strokes.length ? prepare(drawn(strokes)) : null),
    };
  };

  const begin = (root, data) => {
    const find = (name) => root.querySelector(".dlp-" + name);
    const choices = [...root.querySelectorAll(".dlp-samples input")];
    let network = null;
    let pending = 0;
    const read = (picture) => (network ||= reader(window.dlbookTapes, data))(picture); // unpacked when first asked

    const show = (picture, { aloud }) => {
      const shares = picture && read(picture);
      fillPicture(root, picture || new Uint8Array(SIZE * SIZE));
      fillBars(root, shares);
      if (aloud) find("answer").textContent = shares ? sentence(shares) : "Draw a digit.";
    };

    // However fast the pen reports, a frame needs one answer; it is read out when the pen is lifted.
    const update = (aloud) => {
      cancelAnimationFrame(pending);
      pending = 0;
      for (const choice of choices) choice.checked = false;
      show(paper.picture(), { aloud });
    };
    const paper = makePaper(find("paper"), () => { pending ||= requestAnimationFrame(() => update(false)); });

    find("paper").addEventListener("lostpointercapture", () => update(true));
    find("undo").addEventListener("click", () => { paper.undo(); update(true); });
    find("clear").addEventListener("click", () => { paper.clear(); update(true); });
    choices.forEach((choice, i) => choice.addEventListener("change", () => {
      paper.lay(choice.parentElement.querySelector("img").src);
      show(bytes(data.samples[i]), { aloud: true });
    }));
    for (const controls of root.querySelectorAll(".dlp-controls")) controls.hidden = false;
    // For tests, and for whoever wants to ask more: 784 bytes → ten probabilities, and a drawing
    // {width, height, ink}, its ink one byte a cell, → the 784 bytes that the network reads.
    root.dlbookPad = { read, prepare };
    root.dataset.ready = "";
  };

  const load = (file) => new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = (document.documentElement.dataset.content_root || "") + file;
    script.onload = resolve;
    document.head.append(script);
  });

  // A page of the book keeps the network in a file of its own, and shares one engine.
  const fetchWhole = async ({ later, engine, ...data }) => {
    await Promise.all([load(later.file), window.dlbookTapes ?? (window.dlbookEngine ||= load(engine))]);
    return { ...data, ...window.dlbookData[later.key] };
  };

  const start = (root) => {
    root.dataset.started = "";
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    if (!data.later) return begin(root, data);
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      fetchWhole(data).then((all) => begin(root, all));
    }, { rootMargin: NEAR });
    watcher.observe(root);
  };

  document.querySelectorAll(".dlp:not([data-started])").forEach(start);
})();
