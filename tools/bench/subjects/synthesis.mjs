import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { streamHands, synthesizeDataset } from '@opposable/hand-synthesis/node';
import { loadOpenHand } from '@opposable/open-hand';
import { milliseconds, row } from '../measure.mjs';

export const title = 'Synthetic hands with all labels';
const NEVER = { probability: 0 };
/** Everything of `realistic` that is rendered, before a plain background, and nothing that a camera or a file adds. */
const SHADED = {
  ...{ preset: 'realistic', size: 256, background: 'plain', noise: [0, 0] },
  effects: Object.fromEntries(
    ['motionBlur', 'defocus', 'whiteBalance', 'exposure', 'saturation', 'grey', 'jpeg'].map((name) => [name, NEVER]),
  ),
};
const PER_CALL = 20;
/** Hands before those that count: the compiler is at work in them, threefold slower at first. */
const WARM_UP = 300;
const THREADS = 2;

/** Hands per second of a stream on threads, after they have started and compiled. */
async function streamed(options, warmUp, count) {
  let n = 0;
  let start = 0;
  const hands = streamHands({ seed: 1, workers: THREADS, ...options });
  while (!(await hands.next()).done) {
    n++;
    if (n === warmUp) start = performance.now();
    if (n < warmUp + count) continue;
    const rate = (count * 1000) / (performance.now() - start);
    await hands.return();
    return rate;
  }
  throw new Error('the stream ended');
}

async function written(options, count) {
  const folder = await mkdtemp(join(tmpdir(), 'synthesis-bench-'));
  try {
    let [first, start] = [0, 0];
    let rate = 0;
    const onProgress = ({ done }) => {
      if (start === 0 && done >= WARM_UP) [first, start] = [done, performance.now()];
      else if (start > 0) rate = ((done - first) * 1000) / (performance.now() - start);
    };
    const how = { seed: 1, train: count, test: 0, workers: THREADS, chunkSize: 16, onProgress, ...options };
    await synthesizeDataset({ ...how, out: join(folder, 'hands') });
    return rate;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function measure() {
  const model = loadOpenHand('right');
  const triangles = model.faces.length / 3;
  const rows = [];
  for (const [name, settings, goal] of [
    ['one core, preset demo at 128 px', { preset: 'demo', size: 128 }, 'aim 400'],
    ['one core, preset demo at 128 px, varied backgrounds', { preset: 'demo', size: 128, background: 'varied' }, ''],
    ['one core, preset realistic at 256 px', { preset: 'realistic', size: 256 }, ''],
  ]) {
    let start = 0;
    const make = () => {
      const hands = streamSyntheticHands({ model, seed: 1, start, count: PER_CALL, ...settings });
      while (!hands.next().done) start++;
    };
    const ms = await milliseconds(make, { warmUp: WARM_UP / PER_CALL, minimum: 4, seconds: 1.5 });
    const rate = (PER_CALL * 1000) / ms;
    rows.push(
      row(name, rate, 'hands/s', goal),
      row(`${name}: triangles of hands`, (rate * triangles) / 1e6, 'million/s'),
    );
  }
  for (const [antialias, goal] of [
    [2, 'aim 250'],
    [4, ''],
  ]) {
    const name = `${THREADS} threads, hand and arm shaded at 256 px, ${antialias} × ${antialias} samples, plain, no effects`;
    const rate = await streamed({ ...SHADED, antialias }, WARM_UP, 700);
    rows.push(row(name, rate, 'hands/s', goal));
  }
  const two = await streamed({ preset: 'realistic', size: 256 }, WARM_UP, 700);
  rows.push(row(`${THREADS} threads, preset realistic at 256 px, not written`, two, 'hands/s', 'aim 250'));
  for (const preset of ['demo', 'seed', 'realistic']) {
    const jpeg = await written({ preset, size: 320 }, WARM_UP + 600);
    rows.push(row(`${THREADS} threads, preset ${preset} at 320 px, written as JPEG`, jpeg, 'hands/s', 'aim 150'));
  }
  return rows;
}
