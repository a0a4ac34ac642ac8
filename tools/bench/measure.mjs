/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Median milliseconds of a call: `warmUp` calls first, then at least `minimum` and at most `maximum`, as many as fit into
 * `seconds`. Other work on the machine only ever makes a call slower, so all calls of what is compared should be neighbours.
 */
export async function milliseconds(work, { warmUp = 2, minimum = 5, maximum = 100, seconds = 0.6 } = {}) {
  for (let i = 0; i < warmUp; i++) await work();
  const times = [];
  const end = performance.now() + seconds * 1000;
  while (times.length < minimum || (times.length < maximum && performance.now() < end)) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** A logger for `logEvery: 1` that notes the milliseconds of each step, the first one left out. */
export function stepMilliseconds() {
  const steps = [];
  let last;
  const log = () => {
    const now = performance.now();
    if (last !== undefined) steps.push(now - last);
    last = now;
  };
  return { steps, logger: { log } };
}

function processorMilliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Fewest milliseconds of processor time of a synchronous call, over repetitions of at least 2 ms: what other programs do on the
 * machine does not count, so this is for comparing with a roofline.
 */
export function processorTime(work, { warmUp = 1, repetitions = 8 } = {}) {
  for (let i = 0; i < warmUp; i++) work();
  const start = processorMilliseconds();
  work();
  const first = processorMilliseconds() - start;
  if (first > 200 && repetitions === 1) return first;
  const calls = Math.max(1, Math.ceil(2 / Math.max(0.01, first)));
  let best = Infinity;
  for (let i = 0; i < repetitions; i++) {
    const begin = processorMilliseconds();
    for (let j = 0; j < calls; j++) work();
    best = Math.min(best, (processorMilliseconds() - begin) / calls);
  }
  return best;
}

/** A number with three digits that mean something. */
export function digits(value) {
  if (value === 0 || value >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(value))));
}

/** One line of a table. */
export function row(what, value, unit, compared = '') {
  return { what, measured: `${digits(value)} ${unit}`, compared };
}

/** "3.2 ×", for how many times faster or more something is. */
export function times(ratio) {
  return `${digits(ratio)} ×`;
}
