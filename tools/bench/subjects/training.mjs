import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { createRun, DEMO_SETTINGS, loadTrainingData, runStage } from '@opposable/hand-training';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { median, row, times } from '../measure.mjs';
import { referenceProduct, startWasm } from '../wasm.mjs';

const { imageSize, pretrain, train } = DEMO_SETTINGS;
export const title = `The demo's stages: small network, ${imageSize} px, batch ${pretrain.batchSize}, wasm, one core`;

const WARM_UP = 6;
const MEASURED = 14;
const STAGES = [
  { ...pretrain, kind: 'pretrain' },
  { ...train, kind: 'train' },
];

async function syntheticArrays() {
  const folder = await mkdtemp(join(tmpdir(), 'opposable-bench-'));
  try {
    const prepared = join(folder, 'hands');
    await synthesizeDataset({ out: prepared, seed: 1, train: 192, test: 0, size: imageSize });
    return await loadTrainingData({ prepared, split: 'train' }, imageSize);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Images per second of one stage: the median over its steps. */
async function imagesPerSecond(arrays, stage) {
  const run = createRun({ encoder: 'small', inputSize: imageSize }, 1);
  const speeds = [];
  const logger = { log: ({ samplesPerSecond }) => void speeds.push(samplesPerSecond) };
  const settings = { ...stage, seed: 1, iterations: WARM_UP + MEASURED };
  try {
    await runStage(run, arrays, settings, { logger, logEvery: 1 });
  } finally {
    run.dispose();
  }
  return median(speeds.slice(WARM_UP));
}

export async function measure() {
  await startWasm();
  const T = await referenceProduct();
  registerWasmTrainingKernels();
  const arrays = await syntheticArrays();
  const rows = [T.row];
  for (const stage of STAGES) {
    const alone = await imagesPerSecond(arrays, stage);
    const step = (stage.batchSize * 1000) / alone;
    rows.push(row(stage.kind, alone, 'images/s', `a step takes ${times(step / T.ms)} T`));
  }
  return rows;
}
