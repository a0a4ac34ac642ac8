import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { createRng, FileFormatError } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { saveCheckpoint } from '@opposable/training/node';
import { findHand } from '../heatmaps/find-hand.js';
import { findHandOfSide } from '../heatmaps/find-hand-of-side.js';
import { createHeatmapRun, type HeatmapRun, mapsForInference } from '../heatmaps/heatmap-run.js';
import { mirrorImage } from '../pictures/mirror-image.js';
import { exportNetwork } from '../recipes/export/export-network.js';
import { predictHand } from '../recipes/predict-hand.js';
import { afterStage, allVariables, createRun, forInference, type HandRun } from '../run/hand-run.js';
import { saveRun } from '../run/run-checkpoint.js';
import { loadNetwork } from './load-network.js';

interface Files {
  readonly json: string;
  readonly weights: Uint8Array;
}
let folder: string;
let regressor: HandRun;
let heatmaps: HeatmapRun;
let ofRegressor: Files;
let ofHeatmaps: Files;

const rng = createRng('picture');
const picture = {
  width: 90,
  height: 70,
  data: Uint8Array.from({ length: 90 * 70 * 3 }, () => rng.integer(0, 255)),
};

async function exported(name: string): Promise<Files> {
  await exportNetwork({ run: join(folder, name), out: join(folder, name, 'model', 'model.json') });
  const read = (file: string) => readFile(join(folder, name, 'model', file));
  return { json: (await read('model.json')).toString(), weights: new Uint8Array(await read('weights.bin')) };
}

beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-network-'));
  regressor = afterStage(createRun({ encoder: 'small', inputSize: 64 }, 3), 'pretrain', 1);
  await saveRun(join(folder, 'regressor'), regressor);
  const normalization = { mean: [0.4, 0.4, 0.4], std: [0.2, 0.2, 0.2] };
  const coding = { sigma: 1, radius: 4, placement: 'exact', decoding: 'local', hidden: 'include' } as const;
  heatmaps = createHeatmapRun({ variant: 'small', inputSize: 32, normalization }, coding, 2);
  await saveCheckpoint(join(folder, 'heatmaps', 'checkpoint'), {
    variables: allVariables(heatmaps.model),
    state: heatmaps.info,
  });
  ofRegressor = await exported('regressor');
  ofHeatmaps = await exported('heatmaps');
  regressor = forInference(regressor);
  heatmaps = mapsForInference(heatmaps);
}, 60_000);
afterAll(async () => {
  regressor.dispose();
  heatmaps.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** The file with another content at a path of its JSON. */
function changed(json: string, change: (model: Record<string, never>) => void): string {
  const model = JSON.parse(json) as Record<string, never>;
  change(model);
  return JSON.stringify(model);
}

describe('loadNetwork', () => {
  it('is the regressor that was exported: the same hand in the same crop, to the last bit', async () => {
    const loaded = loadNetwork(ofRegressor.json, ofRegressor.weights);
    if (loaded.kind !== 'regressor') throw new Error(loaded.kind);
    expect(loaded.run.info).toEqual(regressor.info);
    const how = { crop: { x: 12, y: 5, width: 50, height: 50 }, side: 'left' } as const;
    const [found, expected] = await Promise.all(
      [loaded.run, regressor].map(({ model, layer }) => predictHand(model, layer, picture, how)),
    );
    expect(found!.crop).toEqual(how.crop);
    expect(found!.handParameters).toEqual(expected!.handParameters);
    expect(found!.vertices).toEqual(expected!.vertices);
    const whole = await predictHand(loaded.run.model, loaded.run.layer, picture);
    expect(whole.handParameters).not.toEqual(found!.handParameters);
    loaded.run.dispose();
  });

  it('is the heat-map network that was exported, whose hand of a mirrored picture is the mirrored one', async () => {
    const loaded = loadNetwork(ofHeatmaps.json, ofHeatmaps.weights);
    if (loaded.kind !== 'heatmap') throw new Error(loaded.kind);
    expect(loaded.run.info).toEqual(heatmaps.info);
    const found = await findHandOfSide(loaded.run, picture, { side: 'right' });
    const expected = await findHand(heatmaps, picture);
    expect(found).toEqual(expected);
    const left = await findHandOfSide(loaded.run, mirrorImage(picture), { side: 'left' });
    expect(left.confidence).toBe(found.confidence);
    left.keypoints.forEach((u, i) => expect(u).toBeCloseTo(i % 2 === 0 ? 89 - found.keypoints[i]! : found.keypoints[i]!, 6)); // prettier-ignore
    expect(left.crop.x + left.crop.width).toBeCloseTo(90 - found.crop.x, 6);
    const box = [10, 20, 30, 24] as const;
    const boxed = await findHandOfSide(loaded.run, picture, { side: 'right', box });
    const mirrored = await findHandOfSide(loaded.run, mirrorImage(picture), { side: 'left', box: [50, 20, 30, 24] });
    expect(mirrored.crop.x + mirrored.crop.width).toBeCloseTo(90 - boxed.crop.x, 6);
    loaded.run.dispose();
  });

  it('builds the network by its description, not by the graph of the file', () => {
    const json = changed(ofRegressor.json, (model) => Object.assign(model, { modelTopology: { made: 'up' } }));
    loadNetwork(json, ofRegressor.weights).run.dispose();
  });

  type Change = (model: Record<string, Record<string, unknown>>) => unknown;
  // prettier-ignore
  const WRONG: readonly (readonly [string, Change, RegExp])[] = [
    ['another model', (model) => delete model['userDefinedMetadata'], /expected a regressor or a heat-map network/],
    ['an encoder that there is not', (model) => ((model['userDefinedMetadata']!['network'] as Record<string, unknown>)['encoder'] = 'constructor'), /expected encoder to be one of small/],
    ['an input that is too large', (model) => ((model['userDefinedMetadata']!['network'] as Record<string, unknown>)['inputSize'] = 3_200_000), /images of at most 1024 pixels, got 3200000/],
    ['another encoder than the weights’', (model) => ((model['userDefinedMetadata']!['network'] as Record<string, unknown>)['encoder'] = 'mobilenet-half'), /only weights that such a network has|restoreVariables/],
    ['no manifest', (model) => delete model['weightsManifest'], /the weights in one file weights\.bin, got a manifest of 0 groups/],
    ['weights that are quantised', (model) => ((model['weightsManifest'] as unknown as { weights: Record<string, unknown>[] }[])[0]!.weights[0]!['quantization'] = { dtype: 'uint8' }), /the type float32/],
    ['a weight of a negative shape', (model) => ((model['weightsManifest'] as unknown as { weights: Record<string, unknown>[] }[])[0]!.weights[0]!['shape'] = [-1]), /a shape/],
    ['a weight of an enormous shape', (model) => ((model['weightsManifest'] as unknown as { weights: Record<string, unknown>[] }[])[0]!.weights[0]!['shape'] = [1e9, 1e9]), /expected weights\.bin of the \d+ bytes/],
    ['a weight of another name', (model) => ((model['weightsManifest'] as unknown as { weights: Record<string, unknown>[] }[])[0]!.weights[0]!['name'] = '__proto__'), /expected (only|a network)/],
  ];
  it.each(WRONG)('refuses %s in a sentence', (_, change, message) => {
    const before = tf.memory().numTensors;
    const json = changed(ofRegressor.json, change);
    expect(() => loadNetwork(json, ofRegressor.weights)).toThrow(FileFormatError);
    expect(() => loadNetwork(json, ofRegressor.weights)).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses heat maps that are decoded by an unknown rule', () => {
    const json = changed(ofHeatmaps.json, (model: Record<string, Record<string, Record<string, unknown>>>) =>
      Object.assign(model['userDefinedMetadata']!['coding']!, { decoding: 'guess' }),
    );
    expect(() => loadNetwork(json, ofHeatmaps.weights)).toThrow('does not say that it is one');
  });

  it('refuses other texts, weights of another length and weights that are no numbers', () => {
    const { json, weights } = ofRegressor;
    expect(() => loadNetwork('\u0089PNG', weights)).toThrow('expected model.json to be JSON, got a text that begins');
    expect(() => loadNetwork('[1]', weights)).toThrow('expected model.json to be an object');
    expect(() => loadNetwork(json, weights.subarray(0, weights.length - 4))).toThrow(
      `expected weights.bin of the ${weights.length} bytes that model.json speaks of, got ${weights.length - 4} bytes.`,
    );
    expect(() => loadNetwork(json, ofHeatmaps.weights)).toThrow('expected weights.bin of the');
    const broken = weights.slice();
    new DataView(broken.buffer).setFloat32(400, NaN, true);
    expect(() => loadNetwork(json, broken)).toThrow('expected finite weights, got NaN or infinity in "');
  });
});
