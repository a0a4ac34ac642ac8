import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { createHeatmapUNet, type HeatmapVariant } from './create-heatmap-unet.js';
import { describeNetwork } from './describe-network.js';
import { loadTorchWeights } from '../torch/load-torch-weights.js';
import { torchStateDict, type TorchTensor } from '../torch/torch-state-dict.js';

/** Written by tools/heatmap-fixtures/unet.py: PyTorch, in float64, with weights made by {@link uniform}. */
interface Fixture {
  parameters: number;
  shapes: Record<string, number[]>;
  size: number;
  batch: number;
  places: [number, number, number, number][];
  inference: number[];
  training: number[];
  loss: number;
  gradients: Record<string, [number, number, number]>;
}
const fixture = JSON.parse(
  readFileSync(new URL('./fixtures/documented-unet.json', import.meta.url), 'utf8'),
) as Fixture;
const { size, batch } = fixture;

function uniform(seed: number, count: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function torchState(): Record<string, TorchTensor> {
  const entries = Object.entries(fixture.shapes).map(([name, shape], i): [string, TorchTensor] => {
    const numbers = uniform(i + 1, product(shape));
    const bound = Math.sqrt(6 / product(shape.slice(1)));
    const data =
      shape.length === 4
        ? numbers.map((x) => (2 * x - 1) * bound)
        : /(weight|running_var)$/.test(name)
          ? numbers.map((x) => 0.5 + x)
          : numbers.map((x) => x - 0.5);
    return [name, { data, shape }];
  });
  return Object.fromEntries(entries);
}

/** [B, C, H, W] numbers as a tensor [B, H, W, C]. */
function fromTorch(numbers: Float64Array, channels: number): tf.Tensor4D {
  return tf.tidy(() =>
    tf.transpose<tf.Tensor4D>(
      tf.tensor4d(Float32Array.from(numbers), [batch, channels, size, size]) as never,
      [0, 2, 3, 1],
    ),
  );
}

const documented = (options: Partial<Parameters<typeof createHeatmapUNet>[0]> = {}): LayersModel =>
  createHeatmapUNet({ variant: 'documented', rng: createRng(1), inputSize: size, ...options });

/** No layer keeps what it has. */
const WHOLE = { optionalLayers: [] };

/** The fixture's input is normalised already. */
const AS_IT_IS = { normalization: { mean: [0, 0, 0], std: [1, 1, 1] } };

describe.each([
  ['cpu', ''],
  ['wasm', ''],
  ['wasm', ' with training kernels'],
])('the documented U-Net on %s%s', (backend, kernels) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
    if (kernels) registerWasmTrainingKernels();
  });

  const atPlaces = async (maps: tf.Tensor): Promise<number[]> => {
    const values = await maps.data();
    return fixture.places.map(([b, k, y, x]) => values[((b * size + y) * size + x) * 21 + k]!);
  };

  it('gives what PyTorch gives with the same weights', async () => {
    const model = documented(AS_IT_IS);
    loadTorchWeights(model, new Map(Object.entries(torchState())), WHOLE);
    const image = fromTorch(
      uniform(1001, batch * 3 * size * size).map((x) => 2 * x - 1),
      3,
    );
    const found = await atPlaces(model.predict(image) as tf.Tensor);
    found.forEach((value, i) => expect(Math.abs(value - fixture.inference[i]!)).toBeLessThan(2e-5));
    model.dispose();
  });

  // the shipped wasm backend has no gradients of convolutions, and cpu takes a minute for them
  if (kernels) gradientTest();
});

function gradientTest(): void {
  it('has the gradients that PyTorch has, through the upsampling too', async () => {
    const model = documented(AS_IT_IS);
    loadTorchWeights(model, new Map(Object.entries(torchState())), WHOLE);
    const image = fromTorch(
      uniform(1001, batch * 3 * size * size).map((x) => 2 * x - 1),
      3,
    );
    const target = fromTorch(
      uniform(1002, batch * 21 * size * size).map((x) => x ** 8),
      21,
    );
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { value, grads } = tf.variableGrads(() => {
      const maps = model.apply(image, { training: true }) as tf.Tensor;
      const overlap = tf.sum(tf.mul(maps, target), [1, 2]);
      const union = tf.sub(tf.add(tf.sum(tf.square(maps), [1, 2]), tf.sum(tf.square(target), [1, 2])), overlap);
      return tf.sub<tf.Scalar>(1, tf.mean(tf.div(tf.add(overlap, 1e-6), tf.add(union, 1e-6))));
    }, variables);
    expect((await value.data())[0]).toBeCloseTo(fixture.loss, 5);
    for (const weight of model.trainableWeights) {
      const [layer, kind] = weight.originalName.split('/') as [string, string];
      const name = `${layer}.${kind === 'beta' ? 'bias' : 'weight'}`;
      const gradient = grads[(weight.read() as tf.Variable).name]!;
      const inTorch = gradient.rank === 4 ? tf.transpose(gradient, [3, 2, 0, 1]) : gradient;
      const [first, second, sum] = fixture.gradients[name]!;
      const values = await inTorch.data<'float32'>();
      const typical = sum / values.length;
      expect(Math.abs(values[0]! - first) / typical).toBeLessThan(0.01);
      expect(Math.abs(values[1]! - second) / typical).toBeLessThan(0.01);
      expect(values.reduce((total, x) => total + Math.abs(x), 0) / sum).toBeCloseTo(1, 3);
    }
    model.dispose();
  });
}

describe('createHeatmapUNet', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
  });

  it('has as many parameters as in PyTorch, and says where they are', () => {
    const model = createHeatmapUNet({ variant: 'documented', rng: createRng(1) });
    const { trainable, fixed, layers } = describeNetwork(model);
    expect(trainable).toBe(fixture.parameters);
    const running = Object.entries(fixture.shapes).filter(([name]) => name.includes('running'));
    expect(fixed).toBe(running.reduce((sum, [, shape]) => sum + product(shape), 0));
    const shapeOf = (name: string) => layers.find((layer) => layer.name === name)!.outputShape;
    expect(shapeOf('conv_bottleneck.double_conv.5')).toEqual([16, 16, 128]);
    expect(shapeOf('concat1')).toEqual([32, 32, 192]);
    expect(shapeOf('concat3')).toEqual([128, 128, 48]);
    expect(shapeOf('sigmoid')).toEqual([128, 128, 21]);
    expect(layers.find(({ name }) => name === 'conv_out.0')!.parameters).toBe(9 * 16 * 21);
    model.dispose();
  });

  it('takes the mean and deviation of the channels out of the image', () => {
    const model = documented({ normalization: { mean: [0.1, 0.2, 0.3], std: [0.5, 0.25, 2] } });
    const layer = model.getLayer('normalize');
    const [r, g, b] = Array.from((layer.apply(tf.tensor4d([1, 0.7, 0.3], [1, 1, 1, 3])) as tf.Tensor).dataSync());
    expect(r).toBeCloseTo(1.8, 5);
    expect(g).toBeCloseTo(2, 5);
    expect(b).toBeCloseTo(0, 5);
    model.dispose();
  });

  it.each<[HeatmapVariant, number[]]>([
    ['documented', [2, 64, 64, 5]],
    ['small', [2, 32, 32, 5]],
  ])('can be saved and loaded with the same maps: %s', async (variant, shape) => {
    const model = createHeatmapUNet({ variant, rng: createRng(3), inputSize: 64, keypoints: 5 });
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save({
      save: async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      },
    });
    const loaded = await loadLayersModel({ load: async () => saved! });
    const image = tf.randomUniform([2, 64, 64, 3], 0, 1, 'float32', 4);
    const maps = model.predict(image) as tf.Tensor;
    expect(maps.shape).toEqual(shape);
    const values = await maps.data();
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(await (loaded.predict(image) as tf.Tensor).data()).toEqual(values);
    model.dispose();
    loaded.dispose();
  });

  it('gives the same weights for the same seed and others for another', () => {
    const sum = (seed: number): number[] => {
      const model = createHeatmapUNet({ variant: 'small', rng: createRng(seed), inputSize: 32 });
      const values = model.getWeights().map((w) => w.dataSync<'float32'>().reduce((a, b) => a + b, 0));
      model.dispose();
      return values;
    };
    expect(sum(5)).toEqual(sum(5));
    expect(sum(5)).not.toEqual(sum(6));
  });

  it('initialises the documented network as PyTorch does by default', () => {
    const model = documented();
    const kernel = model.getLayer('conv_up1.double_conv.4').getWeights()[0]!.dataSync<'float32'>();
    const bound = 1 / Math.sqrt(9 * 64);
    const largest = kernel.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(bound * 1.000001);
    expect(largest).toBeGreaterThan(0.99 * bound);
    model.dispose();
  });

  it('refuses what it cannot build', () => {
    const rng = createRng(1);
    expect(() => createHeatmapUNet({ variant: 'large' as 'small', rng })).toThrow(
      'createHeatmapUNet: expected variant to be one of documented, small, got "large".',
    );
    expect(() => createHeatmapUNet({ variant: 'small', rng, inputSize: 40 })).toThrow(
      'expected inputSize to be a positive multiple of 16 for "small", got 40.',
    );
    expect(() => documented({ normalization: { mean: [0, 0, 0], std: [1, 0, 1] } })).toThrow(
      'expected normalization by three means and three positive deviations, got 0, 0, 0 and 1, 0, 1.',
    );
  });
});

it('takes the weights of parallel training, and names what is missing or left over', () => {
  const model = documented();
  const state = torchStateDict(
    Object.fromEntries(
      Object.entries(torchState()).map(([name, { data, shape }]) => [
        `module.${name}`,
        { data: Float32Array.from(data), shape },
      ]),
    ),
  );
  const count = { data: Float32Array.of(7), shape: [1] };
  const more = new Map(state).set('conv_down1.double_conv.0.num_batches_tracked', count).set('head', count);
  expect(loadTorchWeights(model, more, WHOLE)).toMatchObject({ kept: [], unused: ['head'] });
  const [gamma] = model.getLayer('conv_down1.double_conv.0').getWeights();
  expect(gamma!.dataSync()[0]).toBe(Math.fround(0.5 + uniform(1, 1)[0]!));
  const missing = new Map(state);
  missing.delete('conv_out.0.weight');
  expect(() => loadTorchWeights(model, missing, WHOLE)).toThrow(
    'loadTorchWeights: expected conv_out.0.weight of shape [21, 16, 3, 3] for heatmap-unet-documented, found nothing of that name.',
  );
  model.dispose();
});
