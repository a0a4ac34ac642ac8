import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createSceneRenderer } from '@opposable/drawing';
import { createRenderBuffers, renderMesh as renderMeshBefore } from '../baselines/render-mesh.mjs';
import { cameraFor, FULL, mesh, PLAIN, triangles } from '../drawing-scenes.mjs';
import { median, row } from '../measure.mjs';

export const title = 'Scenes of the open hand, one core unless said otherwise';

/** Medians of milliseconds of several works, taken in turns so that other work on the machine meets all alike. */
function inTurns(works, { warmUp = 40, rounds = 60 } = {}) {
  for (let i = 0; i < warmUp; i++) for (const work of works) work();
  const times = works.map(() => []);
  for (let i = 0; i < rounds; i++) {
    works.forEach((work, k) => {
      const start = performance.now();
      work();
      times[k].push(performance.now() - start);
    });
  }
  return times.map(median);
}

/** A work that draws a scene into the arrays of the call before. */
function drawing(renderer, scene, size, antialias, timings) {
  let into;
  const options = { width: size, height: size, antialias, timings };
  return () => (into = renderer.render(scene, cameraFor(size), { ...options, into }));
}

async function twoWorkers(seconds) {
  const file = new URL('../drawing-scenes.mjs', import.meta.url);
  const workers = [0, 1].map(() => new Worker(file, { workerData: { drawing: true, seconds } }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const counts = workers.map((worker) => once(worker, 'message'));
  for (const worker of workers) worker.postMessage('go');
  return (await Promise.all(counts)).reduce((sum, [images]) => sum + images, 0) / seconds;
}

export async function measure() {
  const rows = [];
  const native = createSceneRenderer({ kernels: 'wasm' });
  const plain = createSceneRenderer({ kernels: 'typescript' });
  const buffers = createRenderBuffers();
  const speed = (name, ms, compared = '') =>
    rows.push(
      row(`${name}: images`, 1000 / ms, '/s', compared),
      row(`${name}: triangles`, triangles / ms / 1000, 'million/s', compared),
    );
  for (const [size, antialias] of [
    [128, 1],
    [128, 2],
    [256, 2],
    [256, 4],
  ]) {
    const before = { width: size, height: size, antialias, buffers };
    const [old, typescript, wasm, full] = inTurns([
      () => renderMeshBefore(mesh, cameraFor(size), before),
      drawing(plain, PLAIN, size, antialias),
      drawing(native, PLAIN, size, antialias),
      drawing(native, FULL, size, antialias),
    ]);
    const name = `${size} × ${size}, ${antialias * antialias} sample${antialias === 1 ? '' : 's'} a pixel`;
    const times = (ms) => `${(old / ms).toFixed(1)} × as fast as before`;
    speed(`${name}, before`, old);
    speed(`${name}, TypeScript`, typescript, times(typescript));
    speed(`${name}, wasm`, wasm, times(wasm));
    speed(`${name}, wasm, shadow, harmonics, shine`, full, times(full));
  }
  const timings = { transform: 0, shadow: 0, raster: 0, light: 0, resolve: 0 };
  const [ms] = inTurns([drawing(native, FULL, 256, 2, timings)]);
  const total = Object.values(timings).reduce((sum, value) => sum + value, 0);
  for (const [stage, value] of Object.entries(timings)) {
    const share = value / total;
    rows.push(
      row(`256 × 256, 4 samples a pixel, full: ${stage}`, share * ms, 'ms', `${Math.round(share * 100)} % of an image`),
    );
  }
  rows.push(row('256 × 256, 4 samples a pixel, full, two workers: images', await twoWorkers(2), '/s'));
  return rows;
}
