// Plays tapes: torch functions that dlbook.tapes has recorded as lists of ATen operations.
(() => {
  "use strict";

  // ---- Tensors: numbers in a typed array, seen through a shape, strides and an offset.

  // torch's whole numbers have 64 bits; here they have 32, enough to count and to index.
  const TYPES = { float32: Float32Array, float64: Float64Array, int64: Int32Array, bool: Uint8Array };

  const sizeOf = (shape) => shape.reduce((size, n) => size * n, 1);
  const range = (n, value = (i) => i) => {
    const list = [];
    for (let i = 0; i < n; i++) list.push(value(i));
    return list;
  };
  const replaced = (list, place, ...values) => [...list.slice(0, place), ...values, ...list.slice(place + 1)];

  const denseStrides = (shape) => {
    const strides = [];
    for (let axis = shape.length - 1, size = 1; axis >= 0; size *= shape[axis--]) strides[axis] = size;
    return strides;
  };
  const tensor = (data, shape, strides = denseStrides(shape), offset = 0) => ({ data, shape, strides, offset });
  const empty = (Type, shape) => tensor(new Type(sizeOf(shape)), shape);
  const full = (Type, shape, value) => tensor(new Type(sizeOf(shape)).fill(value), shape);
  const isTensor = (value) => value?.data !== undefined;
  const rank = (t) => t.shape.length;
  const axisOf = (t, axis, axes = rank(t)) => (axis < 0 ? axis + axes : axis);

  // Where the numbers of a tensor lie in its array, in order.
  const positions = ({ shape, strides, offset }) => {
    let found = Int32Array.of(offset);
    shape.forEach((n, axis) => {
      const next = new Int32Array(found.length * n), stride = strides[axis];
      let place = 0;
      for (const start of found) for (let i = 0; i < n; i++) next[place++] = start + i * stride;
      found = next;
    });
    return found;
  };

  const taken = (Type, data, places) => {
    const found = new Type(places.length);
    for (let i = 0; i < places.length; i++) found[i] = data[places[i]];
    return found;
  };

  // The numbers of a tensor, in order.
  const numbers = (t) => {
    let size = 1, dense = true;
    for (let axis = rank(t) - 1; axis >= 0; size *= t.shape[axis--]) dense &&= t.shape[axis] === 1 || t.strides[axis] === size;
    if (dense) {
      return size === t.data.length ? t.data : t.data.subarray(t.offset, t.offset + size);
    }
    if (size && t.shape.every((n, axis) => n === 1 || !t.strides[axis])) {
      return new t.data.constructor(size).fill(t.data[t.offset]);
    }
    return taken(t.data.constructor, t.data, positions(t));
  };

  const operations = {};
  const define = (kind, functions) => {
    for (const [name, f] of Object.entries(functions)) operations[name] = kind(f);
  };
  // Operations take the type of their (first) result, then ATen's arguments in ATen's order.
  const asIs = (f) => f;

  // ---- Views: other shapes, strides and offsets of the same numbers.

  const permute = (t, order) =>
    tensor(t.data, order.map((axis) => t.shape[axis]), order.map((axis) => t.strides[axis]), t.offset);
  const swapped = (t, one, two) => {
    const order = range(rank(t));
    [order[one], order[two]] = [order[two], order[one]];
    return permute(t, order);
  };
  const reshape = (t, shape) => {
    const known = sizeOf(shape.filter((n) => n !== -1));
    return tensor(numbers(t), shape.map((n) => (n === -1 ? sizeOf(t.shape) / known : n)));
  };
  const expand = (t, shape) => {
    const added = shape.length - rank(t);
    const strides = shape.map((n, axis) => (axis < added || t.shape[axis - added] === 1 ? 0 : t.strides[axis - added]));
    return tensor(t.data, shape.map((n, axis) => (n === -1 ? t.shape[axis - added] : n)), strides, t.offset);
  };
  const slice = (t, axis, start = 0, end = Infinity, step = 1) => {
    axis = axisOf(t, axis);
    const n = t.shape[axis], inside = (place) => Math.min(Math.max(place < 0 ? place + n : place, 0), n);
    const first = inside(start ?? 0), length = Math.max(0, Math.ceil((inside(end ?? Infinity) - first) / step));
    const { data, shape, strides, offset } = t;
    return tensor(data, replaced(shape, axis, length), replaced(strides, axis, strides[axis] * step), offset + first * strides[axis]);
  };
  const without = (t, axes) => {
    const stays = (_, axis) => !axes.includes(axis);
    return tensor(t.data, t.shape.filter(stays), t.strides.filter(stays), t.offset);
  };
  const select = (t, axis, index) => {
    axis = axisOf(t, axis);
    const { data, shape, strides, offset } = t, place = index < 0 ? index + shape[axis] : index;
    return tensor(data, replaced(shape, axis), replaced(strides, axis), offset + place * strides[axis]);
  };
  const unsqueeze = (t, axis) => {
    axis = axisOf(t, axis, rank(t) + 1);
    return tensor(t.data, t.shape.toSpliced(axis, 0, 1), t.strides.toSpliced(axis, 0, 0), t.offset);
  };

  define((f) => (Type, ...args) => f(...args), {
    "view.default": reshape,
    "expand.default": expand,
    "permute.default": (t, order) => permute(t, order.map((axis) => axisOf(t, axis))),
    "slice.Tensor": (t, axis = 0, ...rest) => slice(t, axis, ...rest),
    "select.int": select,
    "unsqueeze.default": unsqueeze,
    "squeeze.dims": (t, axes) => without(t, axes.map((axis) => axisOf(t, axis)).filter((axis) => t.shape[axis] === 1)),
    "split_with_sizes.default": (t, lengths, axis = 0) => {
      let end = 0;
      return lengths.map((n) => slice(t, axis, end, (end += n)));
    },
    "diagonal.default": (t) =>
      tensor(t.data, [Math.min(...t.shape)], [t.strides[0] + t.strides[1]], t.offset),
    "alias.default": asIs,
    "clone.default": (t) => t, // a value is never changed, so that nobody needs a copy
  });

  // ---- New tensors.

  define(asIs, {
    "full.default": full,
    "full_like.default": (Type, t, value) => full(Type, t.shape, value),
    "scalar_tensor.default": (Type, value) => full(Type, [], value),
    "lift_fresh_copy.default": (Type, t) => t,
    "arange.start_step": (Type, start, end, step) => {
      const n = Math.max(0, Math.ceil((end - start) / step));
      return tensor(Type.from(range(n), (i) => start + i * step), [n]);
    },
    // From both ends, as torch counts.
    "linspace.default": (Type, start, end, n) => {
      const step = n > 1 ? (end - start) / (n - 1) : 0;
      return tensor(Type.from(range(n), (i) => (i < n / 2 ? start + i * step : end - (n - 1 - i) * step)), [n]);
    },
    "_to_copy.default": (Type, t) =>
      tensor(Type === Uint8Array ? Type.from(numbers(t), (x) => x !== 0) : Type.from(numbers(t)), t.shape),
    "cat.default": (Type, list, axis = 0) => {
      const parts = list.filter((t) => rank(t) !== 1 || t.shape[0]);
      if (!parts.length) return list[0];
      axis = axisOf(parts[0], axis);
      const order = [axis, ...range(rank(parts[0])).filter((other) => other !== axis)];
      const moved = parts.map((t) => permute(t, order));
      const out = empty(Type, replaced(moved[0].shape, 0, moved.reduce((n, t) => n + t.shape[0], 0)));
      let end = 0;
      for (const t of moved) out.data.set(numbers(t), end), (end += sizeOf(t.shape));
      return permute(out, range(order.length, (i) => order.indexOf(i)));
    },
    "flip.default": (Type, t, axes) => axes.map((axis) => axisOf(t, axis)).reduce((turned, axis) => {
      const { data, shape, strides, offset } = turned;
      return tensor(data, shape, replaced(strides, axis, -strides[axis]), offset + Math.max(0, shape[axis] - 1) * strides[axis]);
    }, t),
    "repeat.default": (Type, t, times) => {
      const shape = [...range(times.length - rank(t), () => 1), ...t.shape];
      const spread = expand(reshape(t, shape.flatMap((n) => [1, n])), shape.flatMap((n, i) => [times[i], n]));
      return reshape(spread, shape.map((n, i) => n * times[i]));
    },
    "constant_pad_nd.default": (Type, t, amounts, value = 0) => {
      const around = t.shape.map((_, axis) => [0, 1].map((side) => amounts[2 * (rank(t) - 1 - axis) + side] ?? 0));
      const out = full(Type, t.shape.map((n, axis) => n + around[axis][0] + around[axis][1]), value);
      const inside = around.reduce((view, [before], axis) => slice(view, axis, before, before + t.shape[axis]), out);
      const given = numbers(t), places = positions(inside);
      for (let i = 0; i < places.length; i++) out.data[places[i]] = given[i];
      return out;
    },
  });

  // ---- Number by number. Shapes are broadcast as torch does it.

  const alike = (shape, other) => shape.length === other.length && shape.every((n, axis) => n === other[axis]);
  const broadcast = (tensors) => {
    if (tensors.every((t) => alike(t.shape, tensors[0].shape))) return { shape: tensors[0].shape, views: tensors };
    const axes = Math.max(...tensors.map(rank));
    const lengths = (axis) => tensors.map((t) => t.shape[axis - axes + rank(t)] ?? 1);
    const shape = range(axes, (axis) => lengths(axis).find((n) => n !== 1) ?? 1);
    return { shape, views: tensors.map((t) => expand(t, shape)) };
  };

  const loops = {
    1: (f, out, x) => { for (let i = 0; i < out.length; i++) out[i] = f(x[i]); },
    2: (f, out, x, y) => { for (let i = 0; i < out.length; i++) out[i] = f(x[i], y[i]); },
    3: (f, out, x, y, z) => { for (let i = 0; i < out.length; i++) out[i] = f(x[i], y[i], z[i]); },
  };
  // A number beside tensors in single precision is rounded to it.
  const wrapped = (args) => {
    const single = args.some((arg) => isTensor(arg) && arg.data instanceof Float32Array);
    return args.map((arg) => (isTensor(arg) ? arg : full(single ? Float32Array : Float64Array, [], arg)));
  };
  // The first arguments are tensors or numbers; the rest goes to f as it is.
  const elementwise = (f) => (Type, ...args) => {
    const given = wrapped(args.slice(0, f.length));
    if (!given.some(rank)) return tensor(Type.of(f(...given.map((t) => t.data[t.offset]))), []);
    const { shape, views } = broadcast(given);
    const out = empty(Type, shape);
    loops[f.length](f, out.data, ...views.map(numbers));
    return out;
  };
  // f has settings, which come after the tensors: f(settings)(x, …).
  const withSettings = (count, f) => (Type, ...args) => elementwise(f(...args.slice(count)))(Type, ...args.slice(0, count));

  const nearest = (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)); // halves to even
  const remainder = (x, y) => { const rest = x % y; return rest && rest < 0 !== y < 0 ? rest + y : rest; };
  const DIVIDED = { floor: (x, y) => Math.floor(x / y), trunc: (x, y) => Math.trunc(x / y) };
  const power = (x, y) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y);
  // Abramowitz and Stegun 7.1.5 near zero, a continued fraction (7.1.14) beyond.
  const erf = (x) => {
    const size = Math.abs(x);
    if (!(size < 6)) return Number.isNaN(x) ? NaN : Math.sign(x);
    if (size < 2.5) {
      let term = x, sum = x;
      for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) sum += (term *= (-x * x) / n) / (2 * n + 1);
      return (2 / Math.sqrt(Math.PI)) * sum;
    }
    let tail = 0;
    for (let n = 60; n > 0; n--) tail = n / 2 / (size + tail);
    return Math.sign(x) * (1 - Math.exp(-x * x) / (size + tail) / Math.sqrt(Math.PI));
  };
  const sigmoid = (x) => 1 / (1 + Math.exp(-x));
  const sum2 = (alpha = 1) => (x, y) => x + alpha * y;
  const difference = (alpha = 1) => (x, y) => x - alpha * y;
  const clamp = (least, most) => (x) => Math.min(Math.max(x, least ?? -Infinity), most ?? Infinity);
  const both = (name, f) => ({ [`${name}.Tensor`]: f, [`${name}.Scalar`]: f });

  define(elementwise, {
    "neg.default": (x) => -x,
    "abs.default": (x) => Math.abs(x),
    "sign.default": (x) => (Number.isNaN(x) ? 0 : Math.sign(x)),
    "exp.default": (x) => Math.exp(x),
    "expm1.default": (x) => Math.expm1(x),
    "log.default": (x) => Math.log(x),
    "log1p.default": (x) => Math.log1p(x),
    "log2.default": (x) => Math.log2(x),
    "log10.default": (x) => Math.log10(x),
    "sqrt.default": (x) => Math.sqrt(x),
    "rsqrt.default": (x) => 1 / Math.sqrt(x),
    "reciprocal.default": (x) => 1 / x,
    "sin.default": (x) => Math.sin(x),
    "cos.default": (x) => Math.cos(x),
    "tanh.default": (x) => Math.tanh(x),
    "sigmoid.default": sigmoid,
    "erf.default": erf,
    "relu.default": (x) => (x < 0 ? 0 : x),
    "floor.default": (x) => Math.floor(x),
    "ceil.default": (x) => Math.ceil(x),
    "round.default": nearest,
    "trunc.default": (x) => Math.trunc(x),
    "isnan.default": (x) => x !== x,
    "isinf.default": (x) => Math.abs(x) === Infinity,
    "logical_not.default": (x) => x === 0,
    "logical_and.default": (x, y) => x !== 0 && y !== 0,
    "logical_or.default": (x, y) => x !== 0 || y !== 0,
    ...both("bitwise_and", (x, y) => x & y),
    ...both("bitwise_or", (x, y) => x | y),
    ...both("mul", (x, y) => x * y),
    ...both("div", (x, y) => x / y),
    ...both("remainder", remainder),
    ...both("eq", (x, y) => x === y),
    ...both("ne", (x, y) => x !== y),
    ...both("lt", (x, y) => x < y),
    ...both("le", (x, y) => x <= y),
    ...both("gt", (x, y) => x > y),
    ...both("ge", (x, y) => x >= y),
    "pow.Tensor_Scalar": power,
    "pow.Tensor_Tensor": power,
    "pow.Scalar": power,
    "atan2.default": (x, y) => Math.atan2(x, y),
    "maximum.default": (x, y) => Math.max(x, y),
    "minimum.default": (x, y) => Math.min(x, y),
    "where.self": (chosen, x, y) => (chosen ? x : y),
    "sigmoid_backward.default": (g, y) => g * (1 - y) * y,
    "tanh_backward.default": (g, y) => g * (1 - y * y),
  });
  define(asIs, {
    "bitwise_not.default": (Type, t) => elementwise(Type === Uint8Array ? (x) => !x : (x) => ~x)(Type, t),
  });
  define((f) => withSettings(2, f), {
    ...both("add", sum2),
    ...both("sub", difference),
    "div.Tensor_mode": (mode) => DIVIDED[mode] ?? ((x, y) => x / y),
    "lerp.Scalar": (weight) => (x, y) => x + weight * (y - x),
    "threshold_backward.default": (threshold) => (g, x) => (x <= threshold ? 0 : g),
  });
  define((f) => withSettings(1, f), {
    "clamp.default": clamp,
    "gelu.default": () => (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
    "softplus.default": (beta = 1, threshold = 20) => (x) => (beta * x > threshold ? x : Math.log1p(Math.exp(beta * x)) / beta),
    "leaky_relu.default": (slope = 0.01) => (x) => (x > 0 ? x : slope * x),
  });
  define((f) => withSettings(3, f), {
    "addcmul.default": (value = 1) => (x, y, z) => x + value * y * z,
    "addcdiv.default": (value = 1) => (x, y, z) => x + (value * y) / z,
  });

  // ---- Along axes: sums, extremes, running sums, order.

  const axesOf = (t, axes) => {
    const given = [axes ?? []].flat().map((axis) => axisOf(t, axis)).filter((axis) => axis in t.shape);
    return given.length ? given : range(rank(t));
  };
  // The numbers of a tensor in rows along some axes.
  const rows = (t, axes) => {
    const order = [...range(rank(t)).filter((axis) => !axes.includes(axis)), ...axes];
    const moved = permute(t, order), length = sizeOf(axes.map((axis) => t.shape[axis]));
    const back = (data) => permute(tensor(data, moved.shape), range(rank(t), (axis) => order.indexOf(axis)));
    return { data: numbers(moved), length, back };
  };
  // f(data, start, end) turns a row into a number.
  const reduction = (f) => (Type, t, dims, keep) => {
    const axes = axesOf(t, dims), { data, length } = rows(t, axes);
    const out = empty(Type, t.shape.map((n, axis) => (axes.includes(axis) ? 1 : n)));
    for (let i = 0; i < out.data.length; i++) out.data[i] = f(data, i * length, (i + 1) * length);
    return keep === true ? out : without(out, axes);
  };
  const folded = (f, begin) => (data, start, end) => {
    let value = begin;
    for (let i = start; i < end; i++) value = f(value, data[i]);
    return value;
  };
  const total = folded((sum, x) => sum + x, 0);
  const largest = folded((x, y) => Math.max(x, y), -Infinity);
  const smallest = folded((x, y) => Math.min(x, y), Infinity);
  const mean = (data, start, end) => total(data, start, end) / (end - start);
  const multiplied = folded((product, x) => product * x, 1);
  const some = folded((found, x) => found || x !== 0, false);
  const whole = (f) => (Type, t) => reduction(f)(Type, t);
  // The place of the first number that is ahead of all others; NaN is ahead of any.
  const first = (ahead) => (data, start, end) => {
    let best = start;
    for (let i = start + 1; i < end && data[best] === data[best]; i++) {
      if (ahead(data[i], data[best]) || data[i] !== data[i]) best = i;
    }
    return best - start;
  };
  const firstLargest = first((x, y) => x > y), firstSmallest = first((x, y) => x < y);
  const variance = (data, start, end, correction = 1) => {
    const middle = mean(data, start, end);
    return folded((sum, x) => sum + (x - middle) ** 2, 0)(data, start, end) / Math.max(0, end - start - correction);
  };

  define(reduction, {
    "sum.dim_IntList": total,
    "mean.dim": mean,
    "amax.default": largest,
    "amin.default": smallest,
    "prod.dim_int": multiplied,
    "argmax.default": firstLargest,
    "argmin.default": firstSmallest,
    "any.dim": some,
    "any.dims": some,
  });
  define(whole, {
    "mean.default": mean,
    "prod.default": multiplied,
    "max.default": largest,
    "min.default": smallest,
    "any.default": some,
  });
  define(asIs, {
    "var.correction": (Type, t, axes, correction, keep) =>
      reduction((data, start, end) => variance(data, start, end, correction ?? 1))(Type, t, axes, keep),
    "var_mean.correction": (Type, t, axes, correction, keep) => [
      operations["var.correction"](Type, t, axes, correction, keep),
      operations["mean.dim"](Type, t, axes, keep),
    ],
  });

  // f(data, start, end, out) turns a row into a row.
  const alongAxis = (f) => (Type, t, axis, ...settings) => {
    const { data, length, back } = rows(t, axesOf(t, axis)), out = new Type(data.length);
    for (let start = 0; start < data.length; start += length) f(data, start, start + length, out, ...settings);
    return back(out);
  };
  const scan = (f) => (data, start, end, out) => {
    let value = data[start];
    out[start] = value;
    for (let i = start + 1; i < end; i++) out[i] = value = f(value, data[i]);
  };
  // f(x, logarithm of the sum of all exponentials); the largest number is taken out before exp.
  const normalized = (f) => (data, start, end, out) => {
    const top = largest(data, start, end);
    const logSum = Math.log(folded((sum, x) => sum + Math.exp(x - top), 0)(data, start, end));
    for (let i = start; i < end; i++) out[i] = f(data[i] - top, logSum);
  };
  define(alongAxis, {
    "cumsum.default": scan((sum, x) => sum + x),
    "cumprod.default": scan((product, x) => product * x),
    "_softmax.default": normalized((x, logSum) => Math.exp(x - logSum)),
    "_log_softmax.default": normalized((x, logSum) => x - logSum),
  });

  define(asIs, {
    "_log_softmax_backward_data.default": (Type, g, logs, axis) => {
      const sums = operations["sum.dim_IntList"](Type, g, [axis], true);
      return elementwise((slope, log, sum) => slope - Math.exp(log) * sum)(Type, g, logs, sums);
    },
  });

  // The order of the numbers in a row, as places; equal ones stay in theirs, NaN is the largest.
  const sorted = (data, start, end, out, descending) => {
    const ahead = (x, y) => (x === y || (x !== x && y !== y) ? 0 : x < y || y !== y ? -1 : 1);
    range(end - start).sort((i, j) => (descending ? -1 : 1) * ahead(data[start + i], data[start + j]) || i - j)
      .forEach((place, i) => { out[start + i] = place; });
  };
  const sort = (Type, t, axis = -1, descending = false) => {
    const places = alongAxis(sorted)(Int32Array, t, axis, descending);
    return [gather(Type, t, axis, places), places];
  };
  const extreme = (place) => (Type, t, axis, keep = false) => {
    const places = reduction(place)(Int32Array, t, axis, true);
    const found = [gather(Type, t, axis, places), places];
    return keep ? found : found.map((each) => without(each, axesOf(t, axis)));
  };

  // ---- By index.

  // The places in t's array of what gather(t, axis, index) takes.
  const gathered = (t, axis, index) => {
    const strides = replaced(t.strides, axis, 0);
    const starts = positions(tensor(t.data, index.shape, strides, t.offset));
    const n = t.shape[axis], stride = t.strides[axis];
    return numbers(index).map((i, place) => starts[place] + (i < 0 ? i + n : i) * stride);
  };
  const gather = (Type, t, axis, index) => {
    if (!rank(t)) return t;
    return tensor(taken(Type, t.data, gathered(t, axisOf(t, axis), index)), index.shape);
  };
  const scatter = (put) => (Type, t, axis, index, source) => {
    const out = tensor(Type.from(numbers(t)), t.shape);
    const values = isTensor(source) ? numbers(index.shape.reduce((s, n, i) => slice(s, i, 0, n), source)) : null;
    gathered(out, axisOf(t, axis), index).forEach((place, i) => {
      out.data[place] = put(out.data[place], values ? values[i] : source);
    });
    return out;
  };
  // The places of t[i, j, …]: null keeps an axis.
  const indexed = (t, indices) => {
    const axes = indices.flatMap((index, axis) => (index ? [axis] : []));
    const { shape, views } = broadcast(axes.map((axis) => indices[axis]));
    const chosen = new Int32Array(sizeOf(shape));
    views.forEach((view, k) => {
      const n = t.shape[axes[k]], stride = t.strides[axes[k]];
      numbers(view).forEach((i, place) => { chosen[place] += (i < 0 ? i + n : i) * stride; });
    });
    const rest = without(t, axes), inner = positions(rest);
    const together = axes.every((axis, i) => !i || axis === axes[i - 1] + 1), at = together ? axes[0] : 0;
    const places = new Int32Array(chosen.length * inner.length);
    chosen.forEach((start, i) => inner.forEach((place, j) => { places[i * inner.length + j] = start + place; }));
    const found = tensor(places, [...shape, ...rest.shape]), order = range(rank(found));
    return permute(found, [...order.slice(shape.length, shape.length + at), ...order.slice(0, shape.length), ...order.slice(shape.length + at)]);
  };
  const take = (Type, t, indices) => {
    const found = indexed(t, indices);
    return tensor(taken(Type, t.data, numbers(found)), found.shape);
  };

  define(asIs, {
    "sort.default": sort,
    "sort.stable": (Type, t, stable, axis, descending) => sort(Type, t, axis, descending),
    "topk.default": (Type, t, k, axis = -1, most = true) => sort(Type, t, axis, most).map((each) => slice(each, axis, 0, k)),
    "max.dim": extreme(firstLargest),
    "min.dim": extreme(firstSmallest),
    "gather.default": gather,
    "index_select.default": (Type, t, axis, index) =>
      take(Type, t, [...range(axisOf(t, axis), () => null), rank(index) ? index : unsqueeze(index, 0)]),
    "index.Tensor": take,
    "index_put.default": (Type, t, indices, values, accumulate = false) => {
      const out = tensor(Type.from(numbers(t)), t.shape), found = indexed(out, indices);
      const places = numbers(found), given = numbers(expand(values, found.shape));
      places.forEach((place, i) => { out.data[place] = given[i] + (accumulate ? out.data[place] : 0); });
      return out;
    },
    "scatter.src": scatter((old, x) => x),
    "scatter.value": scatter((old, x) => x),
    "scatter_add.default": scatter((old, x) => old + x),
    "embedding.default": (Type, weight, index) => take(Type, weight, [index]),
  });

  // ---- Products of matrices.

  // Four rows by two columns at once, so that a number that was read serves several sums.
  const product = (Type, a, b) => {
    const [M, K] = a.shape, N = b.shape[1], out = empty(Type, [M, N]), c = out.data;
    const x = numbers(a), y = numbers(swapped(b, 0, 1));
    for (let i = 0; i < M; i += 4) for (let j = 0; j < N; j += 2) {
      const p0 = i * K, p1 = Math.min(i + 1, M - 1) * K, p2 = Math.min(i + 2, M - 1) * K, p3 = Math.min(i + 3, M - 1) * K;
      const q0 = j * K, q1 = Math.min(j + 1, N - 1) * K;
      let s00 = 0, s01 = 0, s10 = 0, s11 = 0, s20 = 0, s21 = 0, s30 = 0, s31 = 0;
      for (let k = 0; k < K; k++) {
        const u = y[q0 + k], v = y[q1 + k], x0 = x[p0 + k], x1 = x[p1 + k], x2 = x[p2 + k], x3 = x[p3 + k];
        s00 += x0 * u; s01 += x0 * v; s10 += x1 * u; s11 += x1 * v;
        s20 += x2 * u; s21 += x2 * v; s30 += x3 * u; s31 += x3 * v;
      }
      const to = i * N + j, wide = j + 1 < N;
      for (let row = 0; row < 4 && i + row < M; row++) {
        c[to + row * N] = row === 0 ? s00 : row === 1 ? s10 : row === 2 ? s20 : s30;
        if (wide) c[to + row * N + 1] = row === 0 ? s01 : row === 1 ? s11 : row === 2 ? s21 : s31;
      }
    }
    return out;
  };
  const add = (Type, ...args) => operations["add.Tensor"](Type, ...args);

  define(asIs, {
    "mm.default": product,
    "addmm.default": (Type, c, a, b) => add(Type, c, product(Type, a, b)),
    "bmm.default": (Type, a, b) =>
      operations["cat.default"](Type, range(a.shape[0], (i) => unsqueeze(product(Type, select(a, 0, i), select(b, 0, i)), 0))),
  });

  // ---- Convolution and pooling: products and maxima over windows, which are views.

  const windows = (x, kernel, step, dilation) => {
    const [N, C, ...sides] = x.shape, [n, c, ...strides] = x.strides;
    const count = sides.map((side, i) => Math.floor((side - dilation[i] * (kernel[i] - 1) - 1) / step[i]) + 1);
    const along = strides.map((stride, i) => stride * step[i]), inside = strides.map((stride, i) => stride * dilation[i]);
    return tensor(x.data, [N, ...count, C, ...kernel], [n, ...along, c, ...inside], x.offset);
  };
  const pair = (value, otherwise) => (value?.length ? [value[0], value[1] ?? value[0]] : otherwise);
  const padded = (Type, x, [h, w], value) => operations["constant_pad_nd.default"](Type, x, [w, w, h, h], value);
  const cropped = (x, [h, w], shape) => slice(slice(x, 2, h, h + shape[2]), 3, w, w + shape[3]);
  const flat = (view, axes) => reshape(view, [sizeOf(view.shape.slice(0, axes)), sizeOf(view.shape.slice(axes))]);
  const ordinary = (transposed, groups) => {
    if (transposed || groups !== 1) throw new Error("the engine convolves without groups and not backwards");
  };

  define(asIs, {
    "convolution.default": (Type, x, weight, bias, step, padding, dilation, transposed, _, groups) => {
      ordinary(transposed, groups);
      const view = windows(padded(Type, x, padding), weight.shape.slice(2), step, dilation);
      const sums = product(Type, flat(view, 3), swapped(flat(weight, 1), 0, 1));
      const [N, h, w] = view.shape;
      return permute(reshape(bias ? add(Type, sums, bias) : sums, [N, h, w, weight.shape[0]]), [0, 3, 1, 2]);
    },
    "convolution_backward.default": (Type, g, x, weight, sizes, step, padding, dilation, transposed, _, groups, [toX, toWeight, toBias]) => {
      ordinary(transposed, groups);
      const around = padded(Type, x, padding), view = windows(around, weight.shape.slice(2), step, dilation);
      const slopes = flat(permute(g, [0, 2, 3, 1]), 3), back = empty(Type, around.shape);
      if (toX) {
        const parts = numbers(product(Type, slopes, flat(weight, 1))), places = positions(view);
        for (let i = 0; i < places.length; i++) back.data[places[i]] += parts[i];
      }
      return [
        toX ? cropped(back, padding, x.shape) : null,
        toWeight ? reshape(product(Type, swapped(slopes, 0, 1), flat(view, 3)), weight.shape) : null,
        toBias ? operations["sum.dim_IntList"](Type, slopes, [0]) : null,
      ];
    },
    "max_pool2d_with_indices.default": (Type, x, kernel, step, padding, dilation) => {
      const around = pair(padding, [0, 0]), sides = pair(kernel);
      const high = padded(Type, x, around, -Infinity), view = windows(high, sides, pair(step, sides), pair(dilation, [1, 1]));
      const [N, h, w, C] = view.shape, places = positions(view), size = sides[0] * sides[1];
      const out = empty(Type, [N, h, w, C]), index = empty(Int32Array, out.shape), width = high.shape[3], plane = width * high.shape[2];
      const values = taken(Type, high.data, places);
      for (let i = 0; i < out.data.length; i++) {
        const best = i * size + firstLargest(values, i * size, (i + 1) * size), place = places[best] % plane;
        out.data[i] = values[best];
        index.data[i] = (Math.floor(place / width) - around[0]) * x.shape[3] + (place % width) - around[1];
      }
      return [out, index].map((t) => permute(t, [0, 3, 1, 2]));
    },
    "max_pool2d_with_indices_backward.default": (Type, g, x, kernel, step, padding, dilation, ceil, index) => {
      const [N, C, H, W] = x.shape, out = empty(Type, [N * C, H * W]);
      return reshape(scatter((old, slope) => old + slope)(Type, out, 1, reshape(index, [N * C, -1]), reshape(g, [N * C, -1])), x.shape);
    },
  });

  // ---- Numbers and lists: what Python does between torch's operations.

  define((f) => (Type, ...args) => f(...args), {
    "sym_size.int": (t, axis) => t.shape[axisOf(t, axis)],
    "_local_scalar_dense.default": (t) => t.data[t.offset],
    "getitem": (list, i) => list[i],
    "add": (x, y) => x + y,
    "sub": (x, y) => x - y,
    "mul": (x, y) => x * y,
    "truediv": (x, y) => x / y,
    "floordiv": (x, y) => Math.floor(x / y),
    "pow": (x, y) => x ** y,
    "neg": (x) => -x,
    "sym_float": asIs,
  });

  // ---- Tapes.

  const operation = (name) => {
    if (!Object.hasOwn(operations, name)) throw new Error(`the engine has no operation ${name}`);
    return operations[name];
  };
  // What stands in a tape for an argument: {"$": 3} is the value of number 3, {"float": "-Infinity"} a number.
  const reader = (said) => {
    if (Array.isArray(said)) {
      const readers = said.map(reader);
      return (values) => readers.map((read) => read(values));
    }
    if (said === null || typeof said !== "object") return () => said ?? undefined;
    if ("$" in said) return (values) => values[said.$];
    if ("float" in said) return () => Number(said.float);
    const parts = Object.entries(said).map(([name, part]) => [name, reader(part)]);
    return (values) => Object.fromEntries(parts.map(([name, read]) => [name, read(values)]));
  };
  const constant = ({ type, shape, data }) => tensor(TYPES[type].from(data, Number), shape);

  // The values that an argument is made of.
  const sources = (said) => {
    if (said === null || typeof said !== "object") return [];
    return "$" in said ? [said.$] : Object.values(said).flatMap(sources);
  };

  // The function that a tape recorded: it takes a list of tensors, and returns what the function returned.
  // What hangs on none of them is computed once.
  const play = (tape) => {
    const result = reader(tape.outputs), known = [...range(tape.inputs), ...tape.constants.map(constant)];
    const varying = new Set(range(tape.inputs)), steps = [];
    for (const [name, type, args] of tape.steps) {
      const f = operation(name), read = reader(args), place = known.length;
      const step = (values) => { values[place] = f(TYPES[type], ...read(values)); };
      if (sources(args).some((source) => varying.has(source))) {
        varying.add(place);
        steps.push(step);
        known.push(null);
      } else step(known);
    }
    return (inputs) => {
      const values = [...inputs, ...known.slice(tape.inputs)];
      for (const step of steps) step(values);
      return result(values);
    };
  };

  // ---- Chance: torch's generator on a CPU, the Mersenne Twister.

  const generator = (seed) => {
    const state = Uint32Array.of(seed, ...range(623));
    for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    let next = 624;
    const renew = () => {
      for (let i = 0; i < 624; i++) {
        const y = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff);
        state[i] = state[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      next = 0;
    };
    const uint32 = () => {
      if (next === 624) renew();
      let y = state[next++];
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      return (y ^ (y >>> 18)) >>> 0;
    };
    return {
      // As torch.randperm(n).
      permutation: (n) => {
        const order = Int32Array.from(range(n));
        for (let i = 0; i < n - 1; i++) {
          const other = i + (uint32() % (n - i));
          [order[i], order[other]] = [order[other], order[i]];
        }
        return tensor(order, [n]);
      },
      // As torch.empty(shape).uniform_(least, most).
      uniform: (shape, least = 0, most = 1) => {
        const drawn = empty(Float32Array, shape), [from, span] = [Math.fround(least), Math.fround(most - least)];
        for (let i = 0; i < drawn.data.length; i++) drawn.data[i] = (uint32() & 0xffffff) * 2 ** -24 * span + from;
        return drawn;
      },
    };
  };

  // The rows of a tensor that an index names.
  const rowsAt = (t, index) => take(t.data.constructor, t, [index]);

  window.dlbookTapes = { TYPES, tensor, numbers, play, generator, rows: rowsAt };
})();
