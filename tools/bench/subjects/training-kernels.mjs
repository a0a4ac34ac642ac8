import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { createRng } from '@opposable/tensor-checks';
import { adam, disposeOptimizerState } from '@opposable/training';
import { gridSample } from '@opposable/losses';
import { csrMatrix, groupNorm, registerWasmTrainingKernels, sparseDenseMatMul } from '@opposable/wasm-training';
import { digits, milliseconds, processorTime, row, times } from '../measure.mjs';
import { noise, referenceProduct, startWasm } from '../wasm.mjs';

export const title =
  'Kernels beside convolution on wasm, against the shipped ones (or the operations that stood for them)';

const MAP = [32, 32, 32, 64];

function kernel(name, inputs, attrs) {
  return () => tf.engine().runKernel(name, inputs, attrs);
}

/** Forward and gradient of a normalisation in training. */
function normalisation(x, dy, layer) {
  layer.build(x.shape);
  return () => tf.grad((a) => layer.apply(a, { training: true }))(x, dy);
}

/** A random matrix with `perRow` entries in each row. */
function sparse(rows, columns, perRow) {
  const rng = createRng('sparse');
  const indices = Array.from({ length: rows * perRow }, () => rng.integer(0, columns - 1));
  const indptr = Array.from({ length: rows + 1 }, (_, i) => i * perRow);
  return csrMatrix({ rows, columns, data: indices.map(() => rng.normal()), indices, indptr });
}

/** A step of all variables of a small network, about a million numbers. */
function adamStep() {
  const shapes = [[1440, 384], [1536, 128], [3, 3, 96, 160], [3, 3, 48, 96], [5, 5, 3, 24], [384], [160]]; // prettier-ignore
  const named = (seed) => Object.fromEntries(shapes.map((shape, i) => [String(i), noise(shape, seed + i)]));
  const [variables, gradients] = [named(1), named(100)];
  const optimizer = adam();
  const state = optimizer.init(variables);
  return () => {
    const next = optimizer.update({ variables, gradients, state, learningRate: 1e-3 });
    disposeOptimizerState(next.state);
    return Object.values(next.values);
  };
}

/** Parameters of ResNet-18 by count and size: its 62 trainable variables have 11.7 million numbers. */
const BLOCKS = [[9408, 1], [36864, 4], [73728, 1], [8192, 1], [147456, 3], [294912, 1], [32768, 1], [589824, 3], [1179648, 1], [131072, 1], [2359296, 3], [512000, 1], [1000, 1], [128, 40]]; // prettier-ignore

/** Adam where the numbers lie, over a table of blocks and over one flat block of as many numbers. */
async function adamOverBlocks() {
  const sizes = BLOCKS.flatMap(([size, count]) => new Array(count).fill(size));
  const total = sizes.reduce((a, b) => a + b, 0);
  const millisecondsFor = async (all) => {
    const named = (value) => Object.fromEntries(all.map((size, i) => [String(i), tf.fill([size], value)]));
    const [variables, gradients] = [named(1), named(0.1)];
    const optimizer = adam();
    let state = optimizer.init(variables);
    const step = () => (state = optimizer.updateInPlace({ variables, gradients, state, learningRate: 1e-3 }));
    const ms = processorTime(step, { warmUp: 3, repetitions: 20 });
    disposeOptimizerState(state);
    tf.dispose([variables, gradients]);
    return ms;
  };
  const table = await millisecondsFor(sizes);
  const flat = await millisecondsFor([total]);
  const traffic = (28 * total) / 1e6;
  return row(
    `Adam in place, ${digits(total / 1e6)} million numbers in ${sizes.length} variables`,
    table,
    'ms',
    `as one flat block ${digits(flat)} ms; ${digits(traffic / table)} GB/s of memory`,
  );
}

function cases() {
  const x = noise(MAP, 1);
  const other = noise(MAP, 2);
  const channel = noise([64], 3);
  const images = noise([64, 96, 96, 3], 4);
  const pooled = tf.maxPool(x, 3, 2, 'same');
  const halved = tf.avgPool(x, 2, 2, 'valid');
  const ones = [tf.ones([64]), tf.zeros([64])];
  const joined = tf.concat([x, other], 3);
  const indices = tf.tensor1d(Int32Array.from({ length: 20000 }, (_, i) => (i * 7919) % 5000), 'int32'); // prettier-ignore
  const table = noise([5000, 64], 5);
  const rows = noise([20000, 64], 10);
  const transforms = tf.tidy(() =>
    tf.add(tf.mul(noise([64, 8], 6), [[0.05, 0.05, 5, 0.05, 0.05, 5, 0, 0]]), [[1, 0, 0, 0, 1, 0, 0, 0]]),
  );
  const grid = tf.randomUniform([16, 4096, 2], -1, 1, 'float32', 7);
  const maps = noise([16, 64, 64, 16], 8);
  const samples = noise([16, 4096, 16], 11);
  const graph = sparse(778, 778, 7);
  const vertices = noise([16, 778, 64], 9);
  const depthwise = (shape, side) => {
    const [filter, input, dy] = [noise([side, side, shape[3], 1], 12), noise(shape, 13), noise(shape, 14)];
    const convolve = (a, b) => tf.depthwiseConv2d(a, b, 1, 'same');
    const what = `depthwise ${side}×${side} of ${shape.join('×')}`;
    return [
      [what, () => convolve(input, filter)],
      [`${what}, both gradients`, () => tf.grads(convolve)([input, filter], dy)],
    ];
  };
  const pool = { filterSize: [3, 3], strides: [2, 2], pad: 'same' };
  const norm = (config) => layers.layers.batchNormalization(config);
  return [
    ...depthwise([16, 64, 64, 24], 3),
    ...depthwise([16, 16, 16, 96], 5),
    ['Adam, 870,000 numbers in 7 variables', adamStep()],
    [`BatchNormalization layer ${MAP.join('×')}, forward and gradient`, normalisation(x, other, norm())],
    [
      `groupNorm ${MAP.join('×')}, 8 groups, forward and gradient`,
      () => tf.grad((a) => groupNorm(a, ...ones, { groups: 8 }))(x, other),
    ],
    [`batchNorm in inference ${MAP.join('×')}`, () => tf.batchNorm(x, channel, tf.square(channel), channel, channel)],
    [`${MAP.join('×')} + [64]`, () => tf.add(x, channel)],
    [`sum of ${MAP.join('×')} over all but channels`, () => tf.sum(x, [0, 1, 2])],
    [`relu ${MAP.join('×')}, gradient`, () => tf.grad((a) => tf.relu(a))(x, other)],
    [
      `maxPool ${MAP.join('×')}, 3×3 / 2, gradient`,
      kernel('MaxPoolGrad', { dy: pooled, input: x, output: pooled }, pool),
    ],
    [
      `avgPool ${MAP.join('×')}, 2×2 / 2, gradient`,
      kernel('AvgPoolGrad', { dy: halved, input: x }, { ...pool, filterSize: [2, 2] }),
    ],
    [
      'resizeBilinear to 32×32×32×64 from 16×16, gradient',
      kernel('ResizeBilinearGrad', { images: halved, dy: x }, { alignCorners: false, halfPixelCenters: false }),
    ],
    ['pad 64×96×96×3 by 1', () => tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]])], // prettier-ignore
    [
      'transform 64×96×96×3 to 48×48',
      () => tf.image.transform(images, transforms, 'bilinear', 'constant', 0, [48, 48]),
    ],
    ['concat of two 32×32×32×64 by channels', () => tf.concat([x, other], 3)],
    ['concat of two 32×32×32×64 by channels, gradient', () => tf.split(joined, 2, 3)],
    ['gather 20,000 rows of 64', () => tf.gather(table, indices)],
    ['gather 20,000 rows of 64, gradient', () => tf.grad((a) => tf.gather(a, indices))(table, rows)],
    [
      'gridSample 16×64×64×16 at 4,096 points, both gradients',
      () => tf.grads((a, b) => gridSample(a, b, { alignCorners: false, paddingMode: 'zeros' }))([maps, grid], samples),
    ],
    [
      'sparse 778×778, 7 a row, times 16×778×64, gradient',
      () => tf.grad((a) => sparseDenseMatMul(graph, a))(vertices, vertices),
    ],
    ['einsum bvd,vjd->bjv, 16×778×64 by 778×21×64', () => tf.einsum('bvd,vjd->bjv', vertices, tf.ones([778, 21, 64]))],
  ];
}

export async function measure() {
  await startWasm();
  const T = await referenceProduct();
  const measured = [];
  for (const [what, work] of cases()) {
    const run = () => tf.dispose(tf.tidy(work));
    let before;
    try {
      before = await milliseconds(run, { warmUp: 1, minimum: 3, seconds: 0.3 });
    } catch {
      // a kernel is missing
    }
    measured.push({ what, run, before });
  }
  registerWasmTrainingKernels();
  const rows = [T.row];
  for (const { what, run, before } of measured) {
    const after = await milliseconds(run, { seconds: 0.3 });
    rows.push(
      row(
        what,
        after,
        'ms',
        before === undefined ? 'shipped: impossible' : `shipped: ${times(before / after)} as long`,
      ),
    );
  }
  rows.push(await adamOverBlocks());
  return rows;
}
