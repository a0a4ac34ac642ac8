import { setFlagsFromString } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import { registerWasmTrainingKernels } from '@opposable/wasm-training';
import { digits, processorTime, row, times } from './measure.mjs';
import { noise, startWasm } from './wasm.mjs';

// Convolutions and matrix products of the wasm kernels, each as a part of the roofline: the best rate that a loop of
// multiply-adds in registers reaches in WebAssembly on this core, measured in the same process. Processor time, fewest of several.

/* prettier-ignore */
const LAYERS = [
  // batch, side, channels, filters, filter side, stride
  ...[[16, 128, 3, 64, 7, 2], [16, 32, 64, 64, 3, 1], [16, 32, 64, 128, 3, 2], [16, 32, 64, 128, 1, 2], [16, 16, 128, 128, 3, 1],
    [16, 16, 128, 256, 3, 2], [16, 16, 128, 256, 1, 2], [16, 8, 256, 256, 3, 1], [16, 8, 256, 512, 3, 2], [16, 8, 256, 512, 1, 2],
    [16, 4, 512, 512, 3, 1]].map((layer) => ['ResNet-18, 128 px', ...layer]),
  ...[[4, 224, 3, 64, 7, 2], [4, 56, 64, 64, 3, 1], [4, 56, 64, 128, 3, 2], [4, 28, 128, 128, 3, 1], [4, 28, 128, 256, 3, 2],
    [4, 14, 256, 256, 3, 1], [4, 14, 256, 512, 3, 2], [4, 7, 512, 512, 3, 1]].map((layer) => ['ResNet-18, 224 px', ...layer]),
  ...[[64, 32, 3, 24, 5, 2], [64, 16, 24, 48, 3, 2], [64, 8, 48, 96, 3, 2], [64, 48, 3, 24, 5, 2], [64, 24, 24, 48, 3, 2],
    [64, 12, 48, 96, 3, 2], [64, 6, 96, 160, 3, 2]].map((layer) => ['small', ...layer]),
];

/** Rows, inner length and columns; the last three are dense layers. */
const PRODUCTS = [
  [512, 512, 512],
  [1024, 1024, 1024],
  [64, 1440, 384],
  [16, 512, 1000],
  [1, 512, 512],
];

const run = (kernel, inputs, attrs) => tf.dispose(tf.engine().runKernel(kernel, inputs, attrs));

function kernelsOf([, batch, side, channels, filters, taps, stride]) {
  const x = noise([batch, side, side, channels], 1);
  const filter = noise([taps, taps, channels, filters], 2);
  const dy = tf.conv2d(x, filter, stride, 'same');
  const attrs = { strides: [stride, stride], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
  return {
    flop: 2 * dy.size * taps * taps * channels,
    tensors: [x, filter, dy],
    calls: {
      forward: () => run('Conv2D', { x, filter }, attrs),
      'input gradient': () => run('Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: x.shape }),
      'filter gradient': () => run('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape }),
    },
  };
}

function productsOf([m, k, n]) {
  const [a, b] = [noise([m, k], 1), noise([k, n], 2)];
  const [aTransposed, bTransposed] = [noise([k, m], 1), noise([n, k], 2)];
  const product = (left, right, transposeLeft, transposeRight) => () =>
    tf.dispose(tf.matMul(left, right, transposeLeft, transposeRight));
  return {
    flop: 2 * m * n * k,
    tensors: [a, b, aTransposed, bTransposed],
    calls: {
      'A·B': product(a, b, false, false),
      'Aᵀ·B': product(aTransposed, b, true, false),
      'A·Bᵀ': product(a, bTransposed, false, true),
      'Aᵀ·Bᵀ': product(aTransposed, bTransposed, true, true),
    },
  };
}

const layerName = ([network, batch, side, channels, filters, taps, stride]) =>
  `${network}: ${batch}×${side}×${side}×${channels}→${filters}, ${taps}×${taps}${stride > 1 ? ` /${stride}` : ''}`;

/** Every case with what its calls take, or undefined where the backend has no such kernel. */
function timesOf(cases, options) {
  return cases.map(({ make, ...about }) => {
    const { flop, tensors, calls } = make();
    const milliseconds = {};
    for (const [name, call] of Object.entries(calls)) {
      try {
        milliseconds[name] = processorTime(call, options);
      } catch {
        milliseconds[name] = undefined;
      }
    }
    tf.dispose(tensors);
    return { ...about, flop, milliseconds };
  });
}

/** Lanes times two operations: what one round of the loop with that many sums does. */
const ROUNDS = 125_000;
async function roofline() {
  const { gemmModule } = await import(new URL('../../packages/wasm-training/dist/generated/gemm.js', import.meta.url));
  const { nativeModule } = await import(
    new URL('../../packages/wasm-training/dist/native/load-kernels.js', import.meta.url)
  );
  const native = nativeModule(tf.backend(), gemmModule);
  const loops = { sums8: 8, sums10: 10, sums12: 12, products12: 12 };
  const rates = Object.entries(loops).map(([name, sums]) => {
    const ms = processorTime(() => native[name](ROUNDS, 0.5, 0.25), { repetitions: 20 });
    return (8 * sums * ROUNDS) / ms / 1e6;
  });
  return Math.max(...rates);
}

/** @param relaxedSimd whether to ask Node.js for relaxed SIMD, which versions before 22 have behind a flag */
export async function measureRooflines({ relaxedSimd }) {
  setFlagsFromString('--no-liftoff');
  if (relaxedSimd) setFlagsFromString('--experimental-wasm-relaxed-simd');
  await startWasm();
  const cases = [
    ...PRODUCTS.map((shape) => ({ name: `matMul ${shape.join('×')}`, make: () => productsOf(shape) })),
    ...LAYERS.map((layer) => ({ name: layerName(layer), make: () => kernelsOf(layer) })),
  ];
  const shipped = timesOf(cases, { warmUp: 0, repetitions: 1 });
  const registration = registerWasmTrainingKernels();
  const peak = await roofline();
  const ours = timesOf(cases, { repetitions: 6 });
  const rows = ours.flatMap(({ name, flop, milliseconds }, i) =>
    Object.entries(milliseconds).map(([call, ms]) => {
      const rate = flop / ms / 1e6;
      const before = shipped[i].milliseconds[call];
      const compared = before === undefined ? 'no shipped kernel' : `${times(before / ms)} the shipped kernel`;
      return row(`${name}, ${call}`, rate, 'GFLOP/s', `${digits((100 * rate) / peak)} % of the roofline, ${compared}`);
    }),
  );
  const variant = registration.relaxedSimd ? 'with fused multiply-add' : 'without fused multiply-add';
  return [row('roofline: multiply-adds in registers', peak, 'GFLOP/s', variant), ...rows];
}
