import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import type { ManoLayerOptions } from '../conventions/layer-options.js';
import { MANO_CONVENTIONS } from '../conventions/presets.js';
import { ManoLayer } from '../layer/mano-layer.js';
import { largestDifference } from '../test-support/reference-hand.js';
import { sameNumbers } from '../test-support/same-model.js';
import { manoSizedHand, syntheticHand } from '../test-support/synthetic-hand.js';
import type { ManoModel } from '../types.js';
import { ManoModelLayer, type ManoOutput, registerManoModelLayer } from './mano-model-layer.js';
import { modelFingerprint } from './model-fingerprint.js';

const rng = createRng(12);
const hand = syntheticHand({ rng: rng.split('model') });
const random = (...shape: number[]) => {
  const count = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(
    Float32Array.from({ length: count }, () => rng.normal()),
    shape,
  );
};
const options = { flatHandMean: false, center: 'wrist' } as const;

/** A picture's features to a hand: two dense layers, then the hand. */
function handNetwork(model: ManoModel, outputs: readonly ManoOutput[], choices: ManoLayerOptions = options) {
  const features = tfl.input({ shape: [7] });
  const dense = (units: number) =>
    tfl.layers.dense({ units, name: `to${units}` }).apply(features) as tfl.SymbolicTensor;
  const layer = new ManoModelLayer({ model, options: choices, outputs });
  const given = layer.apply([dense(10), dense(6), dense(3)]) as tfl.SymbolicTensor | tfl.SymbolicTensor[];
  return tfl.model({ inputs: features, outputs: given });
}

/** What `model.save` would write, kept in memory. */
async function saved(model: tfl.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save({
    save: async (given: tf.io.ModelArtifacts) => {
      artifacts = JSON.parse(JSON.stringify({ ...given, weightData: undefined })) as tf.io.ModelArtifacts;
      artifacts.weightData = given.weightData!;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  return artifacts!;
}
const loaded = (artifacts: tf.io.ModelArtifacts) => tfl.loadLayersModel({ load: async () => artifacts });

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
});

describe('ManoModelLayer', () => {
  it('gives what ManoLayer gives, as symbolic and as real tensors', async () => {
    const inputs = [random(2, 10), random(2, 6), random(2, 3), random(2, 3)];
    const outputs = ['keypoints', 'normals', 'vertices', 'joints'] as const;
    const layer = new ManoModelLayer({ model: hand, options, outputs });
    const given = layer.apply(inputs) as tf.Tensor[];
    const plain = new ManoLayer(hand, options);
    const [betas, handPose, globalOrient, transl] = inputs as [tf.Tensor2D, tf.Tensor, tf.Tensor, tf.Tensor2D];
    const expected = plain.forward({ betas, handPose, globalOrient, transl }, { normals: true });
    for (const [n, name] of outputs.entries())
      expect(sameNumbers(await given[n]!.data(), await expected[name].data())).toBe(true);
    const shapes = layer.computeOutputShape([
      [null, 10],
      [null, 6],
      [null, 3],
    ]);
    expect(shapes).toEqual([
      [null, 21, 3],
      [null, 60, 3],
      [null, 60, 3],
      [null, 16, 3],
    ]);
    const few = new ManoModelLayer({ model: hand, options: { ...options, vertexIds: [4, 5] }, outputs: ['vertices'] });
    expect(
      few.computeOutputShape([
        [null, 10],
        [null, 6],
        [null, 3],
      ]),
    ).toEqual([null, 2, 3]);
  });

  it('trains inside a LayersModel', async () => {
    const model = handNetwork(hand, ['keypoints']);
    expect(model.outputs[0]!.shape).toEqual([null, 21, 3]);
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
    const features = random(8, 7);
    const target = tf.zeros([8, 21, 3]);
    const { history } = await model.fit(features, target, { epochs: 20, verbose: 0 });
    const losses = history['loss'] as number[];
    expect(losses.at(-1)!).toBeLessThan(0.9 * losses[0]!);
  });

  it('is saved and loaded with its options, without the data of the hand', async () => {
    const mano = manoSizedHand(rng.split('mano'), 'left');
    const six = { flatHandMean: true, poseRepresentation: '6d', rotation6dLayout: 'interleaved' } as const;
    for (const [model, choices, pose, orient] of [
      [hand, options, [6], [3]],
      [hand, { ...options, keypointOrder: 'mano-raw', vertexIds: [3, 1], units: 'mm' }, [6], [3]],
      [hand, { ...six, fingertips: [1, 2, 3, 4, 5] }, [15, 6], [6]],
      [mano, { convention: 'interhand' }, [45], [3]],
      [mano, { convention: { ...MANO_CONVENTIONS.dexycb, name: 'ours', numPcaComponents: 6 } }, [6], [3]],
    ] as const) {
      const inputs = [[10], pose, orient].map((shape) => tfl.input({ shape: [...shape] }));
      const layer = new ManoModelLayer({ model, options: choices, outputs: ['joints', 'vertices', 'keypoints'] });
      const network = tfl.model({ inputs, outputs: layer.apply(inputs) as tfl.SymbolicTensor[] });
      const artifacts = await saved(network);
      registerManoModelLayer([model]);
      const again = await loaded(artifacts);
      const values = [random(2, 10), random(2, ...pose), random(2, ...orient)];
      const [expected, actual] = [network.predict(values) as tf.Tensor[], again.predict(values) as tf.Tensor[]];
      for (const n of [0, 1, 2]) expect(sameNumbers(await actual[n]!.data(), await expected[n]!.data())).toBe(true);
      expect(JSON.stringify(artifacts.modelTopology).length).toBeLessThan(6000);
      expect(artifacts.weightData).toHaveProperty('byteLength', 0);
    }
  });

  it('keeps the trained weights around it', async () => {
    registerManoModelLayer([hand]);
    const network = handNetwork(hand, ['keypoints', 'vertices']);
    const again = await loaded(await saved(network));
    const features = random(3, 7);
    const [expected, actual] = [network.predict(features) as tf.Tensor[], again.predict(features) as tf.Tensor[]];
    expect(largestDifference(await actual[0]!.data(), await expected[0]!.data())).toBeLessThan(1e-6);
  });

  it('is refused with another hand than it was saved with', async () => {
    const other = syntheticHand({ rng: rng.split('other') });
    const artifacts = await saved(handNetwork(other, ['joints']));
    registerManoModelLayer([hand]);
    await expect(loaded(artifacts)).rejects.toThrow(
      `expected the saved model's hand (right, 'synthetic', fingerprint ${modelFingerprint(other)}) among the models`,
    );
  });

  it('names wrong outputs and numbers of inputs', () => {
    const make = (outputs: unknown) => () => new ManoModelLayer({ model: hand, options, outputs: outputs as never });
    expect(make(['mesh'])).toThrow(
      'expected outputs to be some of vertices, joints, keypoints, normals, each once, got mesh',
    );
    expect(make([])).toThrow('expected outputs to be some of');
    expect(make(['joints', 'joints'])).toThrow('each once, got joints,joints');
    const layer = new ManoModelLayer({ model: hand, options });
    expect(() => layer.apply([random(1, 10), random(1, 6)])).toThrow(
      'ManoModelLayer: expected the inputs betas, handPose, globalOrient and optionally transl, got 2.',
    );
  });

  it('leaves no tensors behind in 50 predictions, and frees its own with the model', () => {
    const before = tf.memory().numTensors;
    const network = handNetwork(hand, ['keypoints', 'normals']);
    const features = random(2, 7);
    const run = () => tf.dispose(network.predict(features));
    run();
    const steady = tf.memory().numTensors;
    for (let i = 0; i < 50; i++) run();
    expect(tf.memory().numTensors).toBe(steady);
    network.dispose();
    features.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('modelFingerprint', () => {
  it('is the same for float32 and float64 numbers and changes with any of them', () => {
    const print = modelFingerprint(hand);
    expect(print).toMatch(/^[0-9a-f]{16}$/);
    expect(modelFingerprint({ ...hand, vTemplate: Float64Array.from(hand.vTemplate) })).toBe(print);
    const nudged = hand.poseDirs.slice();
    nudged[1000]! += 1e-6;
    expect(modelFingerprint({ ...hand, poseDirs: nudged })).not.toBe(print);
    expect(modelFingerprint({ ...hand, side: 'left' })).not.toBe(print);
  });
});
