import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { csrMatrix } from '../ops/csr-matrix.js';
import { sparseDenseMatMul } from '../ops/sparse-dense-mat-mul.js';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import { expectAsOnCpu, expectAsOnHost, growthOver50Runs, noise, underGuards } from '../test-support/compare.js';

describe('rows on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
  });

  it.each([
    [[4, 5, 3], 0, [6]],
    [[4, 5, 3], 1, [2, 3]],
    [[4, 5, 3], 2, [7]],
    [[5, 64], 0, [9]],
    [[5], 0, [4]],
    [[1, 2], 0, [3]],
    [[3, 4], -1, [2]],
    [[2, 3], 0, []],
    [[3, 0], 0, [2]],
    [[3, 2], 0, [0]],
  ])('gather of %j along %d by indices %j and its gradient equal the cpu backend', async (shape, axis, indexShape) => {
    await expectAsOnCpu(JSON.stringify([shape, axis]), (rng) => {
      const size = shape.at(axis)!;
      const count = indexShape.reduce((a, b) => a * b, 1);
      const indices = tf.tensor(
        Int32Array.from({ length: count }, () => rng.integer(0, size - 1)),
        indexShape,
        'int32',
      );
      const x = noise(rng, shape);
      const gather = (a: tf.Tensor) => tf.gather(a, indices, axis);
      const y = gather(x);
      const integers = gather(tf.cast(tf.mul(x, 100), 'int32'));
      return [y, integers, tf.grad(gather)(x, noise(rng, y.shape))];
    });
  });

  it.each([
    [[2, 4, 3], 1, [2, 5], 1],
    [[3, 4], 1, [3, 2, 2], 1],
    [[2, 3, 4, 5], 3, [2, 3, 2], 2],
    [[2, 3, 4], 2, [2, 6], 1],
    [[2, 3, 2], 1, [2, 4], -1],
    [[1, 1], 1, [1, 1], 1],
  ])('gather of %j along %d by indices %j with %d batch dimensions and its gradient', async (...what) => {
    const [shape, axis, indexShape, batchDims] = what;
    const rng = createRng(JSON.stringify(what));
    const normals = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal());
    const chosen = Int32Array.from({ length: indexShape.reduce((a, b) => a * b, 1) }, () =>
      rng.integer(0, shape[axis]! - 1),
    );
    const product = (sizes: number[]) => sizes.reduce((a, b) => a * b, 1);
    const batchAxes = batchDims < 0 ? batchDims + indexShape.length : batchDims;
    const [batch, outer] = [product(shape.slice(0, batchAxes)), product(shape.slice(batchAxes, axis))];
    const [size, inner, count] = [shape[axis]!, product(shape.slice(axis + 1)), chosen.length / batch];
    await underGuards(async () => {
      const indices = tf.tensor(chosen, indexShape, 'int32');
      await expectAsOnHost({
        inputs: { x: { shape, values: normals } },
        onTensors: ({ x }) => tf.gather(x, indices, axis, batchDims),
        onHost: ({ x }) =>
          Array.from({ length: batch * outer * count * inner }, (_, at) => {
            const [c, row] = [at % inner, Math.floor(at / inner)];
            const [k, slab] = [row % count, Math.floor(row / count)];
            const place = chosen[Math.floor(slab / outer) * count + k]!;
            return x[(slab * size + place) * inner + c]!;
          }),
        differentiated: ['x'],
      });
      indices.dispose();
    });
  });

  it('gather refuses an index outside', () => {
    const x = tf.ones([3, 2]);
    expect(() => tf.gather(x, tf.tensor1d([0, 3], 'int32'))).toThrow(
      'gather: expected indices in [0, 2], got another one at place 1.',
    );
    expect(() => tf.gather(x, tf.tensor2d([0, 1, 1, 1, 1, 2], [3, 2], 'int32'), 1, 1)).toThrow(
      'gather: expected indices in [0, 1], got another one at place 5.',
    );
  });

  it.each([[[6, 2, 3]], [[6]], [[6, 64]], [[6, 5]]])(
    'unsortedSegmentSum of %j leaves out ids outside, adds up repeated ones',
    async (shape) => {
      await expectAsOnCpu('segment', (rng) => {
        const ids = tf.tensor1d([0, 2, 2, -1, 5, 0], 'int32');
        const x = noise(rng, shape);
        return [tf.unsortedSegmentSum(x, ids, 4), tf.unsortedSegmentSum(tf.cast(tf.mul(x, 9), 'int32'), ids, 4)];
      });
    },
  );

  it.each([[[6, 2, 3]], [[6]], [[6, 64]]])('the gradient of unsortedSegmentSum of %j', async (shape) => {
    await expectAsOnCpu('segment gradient', (rng) => {
      const ids = tf.tensor1d([0, 2, 2, -1, 3, 0], 'int32');
      const sum = (a: tf.Tensor) => tf.unsortedSegmentSum(a, ids, 4);
      const x = noise(rng, shape);
      return tf.grad(sum)(x, noise(rng, [4, ...shape.slice(1)]));
    });
  });

  it.each(['cpu', 'wasm'])(
    'gatherND and scatterND have gradients on %s, which add up repeated places',
    async (backend) => {
      await tf.setBackend(backend);
      const rng = createRng('nd');
      const values = (count: number) => Array.from({ length: count }, () => rng.normal());
      const indices = tf.tensor2d([[0, 1], [2, 0], [0, 1]], [3, 2], 'int32'); // prettier-ignore
      const places = [1, 4, 1]; // rows of [3, 2] flattened
      await expectAsOnHost({
        inputs: { x: { shape: [3, 2, 4], values: values(24) } },
        onTensors: ({ x }) => tf.gatherND(x, indices),
        onHost: ({ x }) => places.flatMap((place) => Array.from(x.subarray(4 * place, 4 * place + 4))),
        differentiated: ['x'],
      });
      await expectAsOnHost({
        inputs: { x: { shape: [3, 4], values: values(12) } },
        onTensors: ({ x }) => tf.scatterND(indices, x, [3, 2, 4]),
        onHost: ({ x }) => {
          const y = new Float64Array(24);
          places.forEach((place, i) =>
            x.subarray(4 * i, 4 * i + 4).forEach((value, c) => (y[4 * place + c]! += value)),
          );
          return y;
        },
        differentiated: ['x'],
      });
      indices.dispose();
    },
  );

  it.each([
    [
      [2, 5, 4, 3],
      [
        [0, 0],
        [1, 2],
        [0, 3],
        [0, 0],
      ],
      0,
    ],
    [
      [2, 5, 4, 3],
      [
        [1, 0],
        [0, 0],
        [0, 0],
        [2, 1],
      ],
      -1.5,
    ],
    [[7], [[2, 3]], 1],
    [
      [3, 4],
      [
        [0, 0],
        [0, 0],
      ],
      1,
    ],
    [
      [3, 4],
      [
        [1, 1],
        [0, 0],
      ],
      1,
    ],
    [
      [0, 4],
      [
        [1, 1],
        [0, 0],
      ],
      1,
    ],
  ] as [number[], [number, number][], number][])(
    'pad of %j by %j with %d and its gradient',
    async (shape, pads, value) => {
      await expectAsOnCpu('pad', (rng) => {
        const x = noise(rng, shape);
        const pad = (a: tf.Tensor) => tf.pad(a, pads, value);
        const y = pad(x);
        return [y, pad(tf.cast(tf.mul(x, 9), 'int32')), ...(x.size > 0 ? [tf.grad(pad)(x, noise(rng, y.shape))] : [])];
      });
    },
  );

  /** Rows with none, one and several entries, one column twice. */
  const arrays = {
    rows: 4,
    columns: 5,
    data: [1, -2, 0.5, 3, 0.25, 4],
    indices: [1, 0, 4, 4, 2, 2],
    indptr: [0, 1, 1, 4, 6],
  };

  it.each(
    ['cpu', 'wasm'].flatMap((backend) =>
      [
        [5, 3],
        [5, 1],
        [5, 64],
        [2, 5, 6],
        [1, 5, 9],
      ].map((shape) => [backend, shape] as const),
    ),
  )('sparseDenseMatMul on %s with %j and both gradients equal float64', async (backend, shape) => {
    const rng = createRng('csr');
    const [width, batch] = [shape.at(-1)!, shape.length === 3 ? shape[0]! : 1];
    const check = async () => {
      const matrix = csrMatrix(arrays);
      await expectAsOnHost({
        inputs: {
          values: { shape: [6], values: arrays.data },
          dense: { shape: [...shape], values: Array.from({ length: batch * 5 * width }, () => rng.normal()) },
        },
        onTensors: ({ values, dense }) => sparseDenseMatMul({ ...matrix, values: values as tf.Tensor1D }, dense),
        onHost: ({ values, dense }) => {
          const y = new Float64Array(batch * 4 * width);
          for (let b = 0; b < batch; b++) {
            for (let r = 0; r < 4; r++) {
              for (let k = arrays.indptr[r]!; k < arrays.indptr[r + 1]!; k++) {
                for (let f = 0; f < width; f++) {
                  y[(b * 4 + r) * width + f]! += values[k]! * dense[(b * 5 + arrays.indices[k]!) * width + f]!;
                }
              }
            }
          }
          return y;
        },
        differentiated: ['values', 'dense'],
      });
      matrix.dispose();
      matrix.dispose();
    };
    if (backend === 'wasm') return underGuards(check);
    await tf.setBackend(backend);
    return check();
  });

  it('csrMatrix and sparseDenseMatMul refuse what does not fit, in one sentence', async () => {
    await tf.setBackend('wasm');
    expect(() => csrMatrix({ ...arrays, indices: [1, 0, 4, 4, 2, 5] })).toThrow(
      'csrMatrix: expected indices in [0, 4], got 5 at entry 5.',
    );
    expect(() => csrMatrix({ ...arrays, indptr: [0, 3, 1, 4, 6] })).toThrow(
      'csrMatrix: expected indptr to rise, got 3 and 1 at row 1.',
    );
    expect(() => csrMatrix({ ...arrays, indptr: [0, 6] })).toThrow(
      'csrMatrix: expected indptr of 5 numbers for 4 rows, got 2.',
    );
    expect(() => csrMatrix({ ...arrays, indptr: [0, 1, 1, 4, 5] })).toThrow(
      'csrMatrix: expected indptr to rise from 0 to 6, got 0 to 5.',
    );
    expect(() => csrMatrix({ ...arrays, indices: [1] })).toThrow(
      'csrMatrix: expected indices to be 6 as the data, got 1.',
    );
    const matrix = csrMatrix(arrays);
    expect(() => sparseDenseMatMul(matrix, tf.ones([4, 3]))).toThrow(
      'sparseDenseMatMul: expected dense of shape [5, F]',
    );
    const broken = { ...matrix, starts: tf.tensor1d([0, 1, 1, 9, 6], 'int32') };
    expect(() => sparseDenseMatMul(broken, tf.ones([5, 3]))).toThrow(
      'sparseDenseMatMul: expected starts that rise from 0 to 6 and indices in [0, 4], got others.',
    );
    matrix.dispose();
  });

  it.each(['cpu', 'wasm'])('nothing times something is nothing, on %s', async (backend) => {
    await tf.setBackend(backend);
    const matrix = csrMatrix({ rows: 2, columns: 3, data: [], indices: [], indptr: [0, 0, 0] });
    const y = sparseDenseMatMul(matrix, tf.ones([3, 2]));
    expect(Array.from(await y.data())).toEqual([0, 0, 0, 0]);
    expect(sparseDenseMatMul(matrix, tf.ones([4, 3, 0])).shape).toEqual([4, 2, 0]);
    matrix.dispose();
  });

  it('leaks nothing', async () => {
    await tf.setBackend('wasm');
    const matrix = csrMatrix(arrays);
    const x = noise(createRng(1), [2, 5, 3]);
    const step = () =>
      tf.tidy(() => tf.grad((a: tf.Tensor) => tf.gather(sparseDenseMatMul(matrix, a), [0, 0, 3], 1))(x));
    expect(growthOver50Runs(step)).toEqual({ tensors: 0, buffers: 0 });
    matrix.dispose();
  });
});
