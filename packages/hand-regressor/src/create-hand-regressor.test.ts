import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { createRng } from '@opposable/tensor-checks';
import { createHandRegressor } from './create-hand-regressor.js';
import type { EncoderName } from './networks/networks.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
});

describe('createHandRegressor', () => {
  it.each<[EncoderName, number]>([
    ['small', 64],
    ['resnet18', 64],
    ['mobilenet-half', 64],
  ])('starts near the mean vector with the %s encoder', (encoder, inputSize) => {
    const model = createHandRegressor({ encoder, inputSize, rng: createRng(1) });
    const image = tf.randomUniform([2, inputSize, inputSize, 3], 0, 1, 'float32', 3);
    const output = model.predict(image) as tf.Tensor2D;
    expect(output.shape).toEqual([2, 22]);
    const rows = output.arraySync();
    for (const row of rows) {
      row.forEach((value, i) => expect(Math.abs(value - HAND_PARAMETER_MEAN[i]!)).toBeLessThan(i < 3 ? 60 : 0.8));
    }
    expect(rows[0]).not.toEqual(rows[1]);
    model.dispose();
  });

  // torchvision’s count, 1000 classes; its last linear layer; the numbers of the running statistics, which it does not count
  it.each<[EncoderName, number, number, number]>([
    ['resnet18', 11689512, 512, 9600],
    ['resnet34', 21797672, 512, 17024],
    ['resnet50', 25557032, 2048, 53120],
    ['mobilenet', 3504872, 1280, 34112],
    ['mobilenet-half', 1968680, 1280, 18544],
  ])('has the parameter count of torchvision’s %s with 22 outputs', (encoder, total, features, statistics) => {
    const model = createHandRegressor({ encoder, inputSize: 64 });
    expect(model.countParams()).toBe(total - 1000 * (features + 1) + 22 * (features + 1) + statistics);
    model.dispose();
  });

  it.each<EncoderName>(['small', 'resnet18', 'mobilenet-half'])(
    'takes an image and 21 heat maps with %s',
    (encoder) => {
      const model = createHandRegressor({ encoder, inputSize: 64, channels: 24, rng: createRng(1) });
      const image = tf.randomUniform<tf.Rank.R4>([1, 64, 64, 3], 0, 1, 'float32', 3);
      const maps = (seed: number) => tf.randomUniform<tf.Rank.R4>([1, 64, 64, 21], 0, 1, 'float32', seed);
      const [one, other] = [5, 6].map((seed) =>
        (model.predict(tf.concat([image, maps(seed)], 3)) as tf.Tensor).dataSync(),
      );
      expect(one).not.toEqual(other);
      model.dispose();
    },
  );

  it('starts with zeros where no random numbers are given', () => {
    const model = createHandRegressor({ encoder: 'mobilenet-half', inputSize: 32 });
    const image = tf.ones([1, 32, 32, 3]);
    expect(Array.from((model.predict(image) as tf.Tensor).dataSync())).toEqual(HAND_PARAMETER_MEAN);
    model.dispose();
  });

  it('normalises colours within the model, and leaves heat maps alone', () => {
    const options = { encoder: 'resnet18', inputSize: 32, channels: 24, rng: createRng(1) } as const;
    const plain = createHandRegressor(options);
    const model = createHandRegressor({ ...options, inputNormalization: 'imagenet' });
    const image = tf.randomUniform<tf.Rank.R4>([1, 32, 32, 24], 0, 1, 'float32', 3);
    const values = image.arraySync();
    const [mean, deviation] = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]; // prettier-ignore
    for (const row of values[0]!) {
      for (const pixel of row) for (const c of [0, 1, 2]) pixel[c] = (pixel[c]! - mean[c]!) / deviation[c]!;
    }
    const expected = (plain.predict(tf.tensor4d(values)) as tf.Tensor).dataSync();
    const found = (model.predict(image) as tf.Tensor).dataSync();
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
    plain.dispose();
    model.dispose();
  });

  it('gives the same weights for the same seed and others for another', () => {
    const weights = (seed: number): number[] => {
      const model = createHandRegressor({ encoder: 'small', inputSize: 32, rng: createRng(seed) });
      const values = model.getWeights().map((w) => Array.from(w.dataSync()).reduce((a, b) => a + b, 0));
      model.dispose();
      return values;
    };
    expect(weights(5)).toEqual(weights(5));
    expect(weights(5)).not.toEqual(weights(6));
  });

  it('initialises convolutions with the Kaiming standard deviation', () => {
    const model = createHandRegressor({ encoder: 'small', inputSize: 64, rng: createRng(2) });
    const kernel = model.getLayer('fine.conv3').getWeights()[0]!;
    const fanIn = kernel.shape[0] * kernel.shape[1]! * kernel.shape[2]!;
    const { variance } = tf.moments(kernel);
    expect(variance.dataSync()[0]! / (2 / fanIn)).toBeCloseTo(1, 1);
    model.dispose();
  });

  it('draws all kernels with √(2 / fanIn) where the reproduction’s initialisation is asked for, biases 0', () => {
    const options = { inputSize: 32, initialization: 'kaiming-fan-in', rng: createRng(2) } as const;
    for (const [encoder, fanIns] of [
      ['mobilenet-half', { 'features.5.conv.0.0': 16, 'features.5.conv.1.0': 9, fc: 1280 }],
      ['small', { 'fine.conv3': 432, 'fine.features': 1440, fc: 384 }],
    ] as const) {
      const model = createHandRegressor({ ...options, encoder });
      for (const [name, fanIn] of Object.entries(fanIns)) {
        const { mean, variance } = tf.moments(model.getLayer(name).getWeights()[0]!);
        expect([name, variance.dataSync()[0]! / (2 / fanIn)]).toEqual([name, expect.closeTo(1, 0.7)]);
        expect(Math.abs(mean.dataSync()[0]!)).toBeLessThan(0.1 * Math.sqrt(2 / fanIn));
      }
      expect(model.getLayer('fc').getWeights()[1]!.dataSync()).toEqual(new Float32Array(22));
      model.dispose();
    }
    const empty = createHandRegressor({ ...options, encoder: 'small', rng: undefined });
    expect(empty.getWeights().every((weight) => weight.dataSync().every((value) => value === 0))).toBe(true);
    empty.dispose();
  });

  it('keeps PyTorch’s sampling grid: a stride-2 stage sees the pixel left of and above its centre', () => {
    const model = createHandRegressor({ encoder: 'resnet18', inputSize: 64, rng: createRng(1) });
    // kernel 7, stride 2, pad 3: output (i) is centred on input 2i, so 64 → 32 → maxpool 16 → 8 → 4 → 2
    expect(model.getLayer('conv1').outputShape).toEqual([null, 32, 32, 64]);
    expect(model.getLayer('maxpool').outputShape).toEqual([null, 16, 16, 64]);
    expect(model.getLayer('layer4.1.conv2').outputShape).toEqual([null, 2, 2, 512]);
    expect(model.getLayer('conv1.pad').outputShape).toEqual([null, 70, 70, 3]);
    model.dispose();
  });

  it('can be saved and loaded as a LayersModel with the same outputs', async () => {
    const model = createHandRegressor({ encoder: 'small', inputSize: 32, rng: createRng(3) });
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save({
      save: async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      },
    });
    const loaded = await loadLayersModel({ load: async () => saved! });
    const image = tf.randomUniform([1, 32, 32, 3], 0, 1, 'float32', 4);
    expect((loaded.predict(image) as tf.Tensor).dataSync()).toEqual((model.predict(image) as tf.Tensor).dataSync());
    model.dispose();
    loaded.dispose();
  });

  it('refuses an unknown encoder and a size that does not halve five times', () => {
    const rng = createRng(1);
    expect(() => createHandRegressor({ encoder: 'vgg' as EncoderName, inputSize: 64, rng })).toThrow(
      'createHandRegressor: expected encoder to be one of small, resnet18, resnet34, resnet50, mobilenet, mobilenet-half, keypoints, got "vgg".',
    );
    const wrong = (options: object, message: string) =>
      expect(() => createHandRegressor({ encoder: 'small', inputSize: 64, rng, ...options })).toThrow(message);
    wrong({ channels: 4 }, 'expected channels to be one of 3, 24, got 4.');
    wrong({ inputNormalization: 'none' }, 'expected inputNormalization to be one of unit, imagenet, got "none".');
    wrong({ initialization: 'zeros' }, 'expected initialization to be one of default, kaiming-fan-in, got "zeros".');
    wrong({ pooling: 'max' }, 'expected pooling to be one of mean, 3dhand, got "max".');
    wrong({ pooling: '3dhand' }, "expected encoder with pooling '3dhand' to be one of resnet18, resnet34, resnet50");
    wrong({ encoder: 'resnet34', pooling: '3dhand' }, "expected inputSize with pooling '3dhand' to be one of 224, 256");
    expect(() => createHandRegressor({ encoder: 'small', inputSize: 100, rng })).toThrow(
      'createHandRegressor: expected inputSize to be a positive multiple of 32, got 100.',
    );
  });
});
