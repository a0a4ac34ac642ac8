import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createHandRegressor } from '@opposable/hand-regressor';
import { decodeHandParameters } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { handRegressorToOnnx } from './hand-regressor-to-onnx.js';
import { largestError, randomImages } from './test-support/random-network.js';
import { runOnnx } from './test-support/run-onnx.js';

beforeAll(() => tf.setBackend('wasm'));
const hand = loadOpenHand('right');

/** A network that hands its 22 numbers on. */
function passing() {
  const numbers = input({ shape: [22], name: 'numbers' });
  return model({
    inputs: numbers,
    outputs: layers.activation({ activation: 'linear' }).apply(numbers) as SymbolicTensor,
  });
}

describe('handRegressorToOnnx', () => {
  it('decodes the 22 numbers as float64 does, at zero and at half turns too', async () => {
    const rng = createRng('numbers');
    const rows = Array.from({ length: 9 }, (_, n) =>
      Array.from({ length: 22 }, (_, i) => {
        if (i === 0) return rng.uniform(300, 900);
        if (i < 3) return rng.uniform(0, 256);
        if (n === 0) return 0;
        if (n === 1 && i < 6) return i === 4 ? Math.PI : 0;
        return rng.uniform(-2, 2);
      }),
    );
    const { bytes, outputs } = await handRegressorToOnnx(passing(), { mesh: hand });
    expect(outputs.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['parameters', 'batch', 22],
      ['keypoints_2d', 'batch', 21, 2],
      ['keypoints_3d', 'batch', 21, 3],
      ['vertices', 'batch', hand.vertexCount, 3],
    ]);
    const found = await runOnnx(bytes, { numbers: { data: Float32Array.from(rows.flat()), shape: [9, 22] } });
    rows.forEach((row, n) => {
      const expected = decodeHandParameters(hand, row);
      const part = (name: string, size: number) => found[name]!.data.subarray(n * size, (n + 1) * size);
      expect(largestError(part('parameters', 22), Float32Array.from(row))).toBe(0);
      expect(largestError(part('vertices', hand.vertexCount * 3), expected.vertices3d)).toBeLessThan(2e-6); // metres
      expect(largestError(part('keypoints_3d', 63), expected.keypoints3d)).toBeLessThan(2e-6);
      expect(largestError(part('keypoints_2d', 42), expected.keypoints2d)).toBeLessThan(1e-4);
    });
  });

  it('gives the numbers alone, or the mesh with them, of the same image', async () => {
    const network = createHandRegressor({ encoder: 'small', inputSize: 64, rng: createRng(3) });
    const image = { data: randomImages(createRng(4), [1, 64, 64, 3]), shape: [1, 64, 64, 3] };
    const [alone, whole] = [await handRegressorToOnnx(network), await handRegressorToOnnx(network, { mesh: hand })];
    expect(alone.outputs.map(({ name }) => name)).toEqual(['parameters']);
    const [numbers, all] = [await runOnnx(alone.bytes, { image }), await runOnnx(whole.bytes, { image })];
    expect(all['parameters']!.data).toEqual(numbers['parameters']!.data);
    const { vertices3d } = decodeHandParameters(hand, numbers['parameters']!.data);
    expect(largestError(all['vertices']!.data, vertices3d)).toBeLessThan(2e-6);
    network.dispose();
  });

  it('refuses a network that gives anything else', async () => {
    const numbers = input({ shape: [5] });
    const other = model({ inputs: numbers, outputs: layers.reLU().apply(numbers) as SymbolicTensor });
    await expect(handRegressorToOnnx(other)).rejects.toThrow(
      'handRegressorToOnnx: expected one output of shape [batch, 22], got [, 5].',
    );
  });
});
