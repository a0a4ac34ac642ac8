import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeSafetensors } from '@opposable/array-files';
import type { HandSample } from '@opposable/hand-datasets';
import { decodeHandParameters, mirrorModel } from '@opposable/mano-layer/conventions';
import { manoModelToArrays } from '@opposable/mano-layer/files';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError, FileFormatError } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { openSource } from '../data/loader/open-source.js';
import { type ConfiguredStageOptions, runConfiguredStage } from '../recipes/configured.js';
import { exportNetwork } from '../recipes/export/export-network.js';
import { loadNetwork } from '../predict/load-network.js';
import { predictHand } from '../recipes/predict-hand.js';
import { findRunHand, readRunHand } from './read-run-hand.js';
import { loadRun, saveRun } from './run-checkpoint.js';
import { startRun } from './start-run.js';

const MAKER = '../../../../tools/install-check/mano-sized-pickle.mjs';
const NETWORK = { encoder: 'small', inputSize: 32 } as const;
let folder: string;
let hand: string;
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-hand-'));
  hand = path('MANO_RIGHT.pkl');
  const { manoSizedPickle } = (await import(MAKER)) as { manoSizedPickle: () => Uint8Array };
  await writeFile(hand, manoSizedPickle());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const picture = { width: 40, height: 40, data: new Uint8Array(40 * 40 * 3).fill(90) };

describe('a run of a hand from a file', () => {
  it('speaks of that hand, and finds it again by its bytes, wherever it lies', async () => {
    const run = await startRun({ ...NETWORK, hand }, 1);
    expect(run.hand.vertexCount).toBe(778);
    expect((await predictHand(run.model, run.layer, picture)).vertices).toHaveLength(778 * 3);
    await saveRun(path('run'), run);
    run.dispose();

    const loaded = await loadRun(path('run'));
    expect(loaded.info.hand).toEqual((await readRunHand(hand)).reference);
    expect(loaded.hand.vertexCount).toBe(778);
    loaded.dispose();

    await copyFile(hand, path('moved.pkl'));
    const moved = await loadRun(path('run'), { hand: path('moved.pkl') });
    expect(moved.info.hand).toEqual(loaded.info.hand);
    moved.dispose();
    const { reference } = await readRunHand(hand);
    await expect(findRunHand({ ...(reference as object), file: path('gone.pkl') } as never)).rejects.toThrow(
      `hand: expected a hand model in ${path('gone.pkl')}, which cannot be read (ENOENT); the run was trained with it`,
    );
    await writeFile(path('other.safetensors'), writeSafetensors(manoModelToArrays(loadOpenHand('right'))));
    await expect(loadRun(path('run'), { hand: path('other.safetensors') })).rejects.toThrow(
      /expected the hand that the run was trained with, SHA-256 [0-9a-f]{64}, in .*other\.safetensors, got [0-9a-f]{64}\./,
    );
  }, 30_000);

  it('is exported without the folders of the machine, and built again from what was exported and the hand', async () => {
    const run = await startRun({ ...NETWORK, hand }, 1);
    await saveRun(path('run'), run);
    run.dispose();
    await exportNetwork({ run: path('run'), out: path('model/model.json') });
    const json = (await readFile(path('model/model.json'))).toString();
    const weights = new Uint8Array(await readFile(path('model/weights.bin')));
    expect(json).not.toContain(folder);
    expect(() => loadNetwork(json, weights)).toThrow(
      'expected the hand model that the network speaks of, got none; it was MANO_RIGHT.pkl.',
    );
    const { model } = await readRunHand(hand);
    const loaded = loadNetwork(json, weights, model);
    if (loaded.kind !== 'regressor') throw new Error(loaded.kind);
    expect(loaded.run.hand).toBe(model);
    loaded.run.dispose();
  }, 30_000);

  it('trains on synthetic pictures of that hand, resumes with it only, and goes on from there', async () => {
    const { reference } = await readRunHand(hand);
    const source = await openSource({ kind: 'synthetic', hand: reference, preset: 'seed', seed: 1, size: 64 });
    const sample = (await source.load(0)) as HandSample;
    const { model } = await readRunHand(hand);
    const { keypoints2d } = decodeHandParameters(model, sample.handParameters!);
    keypoints2d.forEach((value, i) => expect((value + 0.5) / 4 - 0.5).toBeCloseTo(sample.keypoints[i]!, 2));

    const stage: ConfiguredStageOptions['stage'] = {
      ...{ kind: 'pretrain', seed: 1, iterations: 2, batchSize: 4, learningRate: 1e-3, decay: { kind: 'constant' } },
      ...{ beta1: 0.9, weightDecay: 0, gradientClip: undefined, augmentation: {}, poseMetric: 'coefficients' },
      weights: { scale: 0.1, translation: 0.2, rotation: 5000, pose: 1000, betas: 100_000 },
    };
    const out = path('trained');
    const how: Omit<ConfiguredStageOptions, 'model'> = {
      stage,
      data: { sources: [{ synthetic: { preset: 'seed', seed: 1, size: 32, count: 8 } }], loader: { threads: 0 } },
      ...{ out, seed: 1, stream: { write: () => true }, keep: { every: 1 } },
    };
    await runConfiguredStage({ ...how, model: { ...NETWORK, hand } });
    const run = await loadRun(out);
    expect([run.hand.vertexCount, run.info.stages]).toEqual([778, [{ name: 'pretrain', iterations: 2 }]]);
    run.dispose();
    const longer = { ...how, stage: { ...stage, iterations: 3 }, resume: true };
    await expect(runConfiguredStage({ ...longer, model: NETWORK })).rejects.toThrow(ConfigError);
    await runConfiguredStage({ ...longer, model: { ...NETWORK, hand } });
    await runConfiguredStage({ ...how, model: { checkpoint: out }, out: path('next') });
    const next = await loadRun(path('next'));
    expect([next.info.hand, next.info.stages.length]).toEqual([reference, 2]);
    next.dispose();
  }, 60_000);
});

it('a hand that is none, a left one and a file for a run of the open hand are refused in a sentence', async () => {
  await writeFile(path('text.pkl'), 'this is no hand');
  await expect(readRunHand(path('text.pkl'))).rejects.toThrow(FileFormatError);
  await expect(readRunHand(path('text.pkl'))).rejects.toThrow(`hand: ${path('text.pkl')}: `);
  await writeFile(path('left.safetensors'), writeSafetensors(manoModelToArrays(mirrorModel(loadOpenHand('right')))));
  await expect(readRunHand(path('left.safetensors'))).rejects.toThrow(
    `hand: expected a right hand in ${path('left.safetensors')}, got a left one`,
  );
  await expect(findRunHand('open-hand', hand)).rejects.toThrow(
    `hand: expected no file, since the run is of the open hand, got ${hand}.`,
  );
  expect((await findRunHand('open-hand')).reference).toBe('open-hand');
  expect((await readRunHand(hand)).reference).toMatchObject({ file: resolve(hand) });
});
