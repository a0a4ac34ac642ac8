import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { createRng } from '@opposable/tensor-checks';
import { createHandRegressor, type EncoderName } from './create-hand-regressor.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
});

describe('createHandRegressor', () => {
  it.each<[EncoderName, number]>([
    ['small', 64],
    ['resnet18', 64],
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

  it('has the parameter count of torchvision’s ResNet-18 with 22 outputs', () => {
    const model = createHandRegressor({ encoder: 'resnet18', inputSize: 64, rng: createRng(1) });
    // torchvision: 11,689,512 with 1000 classes, of which 513,000 in fc; batch norm's running statistics (9,600) come on top here
    expect(model.countParams()).toBe(11689512 - 513000 + 512 * 22 + 22 + 9600);
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
      'createHandRegressor: expected encoder to be one of small, resnet18, got "vgg".',
    );
    expect(() => createHandRegressor({ encoder: 'small', inputSize: 100, rng })).toThrow(
      'createHandRegressor: expected inputSize to be a positive multiple of 32, got 100.',
    );
  });
});
