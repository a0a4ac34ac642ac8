import * as tf from '@tensorflow/tfjs-core';
import { createRng } from '@opposable/tensor-checks';
import { parametricModelModule } from '../generated/parametric-model.js';
import { guardBuffers } from '../native/guards.js';
import { nativeModule } from '../native/load-kernels.js';
import { registerWasmTrainingKernels } from '../register-wasm-training-kernels.js';
import type { Backend } from '../wasm-backend.js';
import type { PackedModel } from './packed-model.js';

// A model written out in the packed layout by hand: eleven vertices in two blocks, nine of them given out, three joints in a
// row, two shape coefficients, three pose numbers, two points and a centre. The second block has features left out.
const [V, OUTPUTS, J, S, NUMBERS] = [11, 9, 3, 2, 3];
const FEATURES = S + 9 * (J - 1);
const SCALE = 2;
const PARENTS = [-1, 0, 1];
/** Features of each block; the second list is filled up with the row that is always zero. */
const LISTS = [Array.from({ length: FEATURES }, (_, f) => f), [0, 3, 5, 9, 14]];
const WEIGHTS: readonly (readonly [joint: number, weight: number])[][] = Array.from({ length: V }, (_, v) =>
  v % 3 === 0
    ? [[v % J, 1]]
    : [
        [0, 0.25],
        [(v % 2) + 1, 0.75],
      ],
);
/** Two points, then the centre. */
const JOINT_TERMS: readonly (readonly [joint: number, weight: number])[][] = [[[2, 1]], [], [[1, 0.5]]];
const VERTEX_TERMS: readonly (readonly [row: number, vertex: number, weight: number])[] = [
  [1, 2, 0.5],
  [1, 10, 0.4],
  [2, 9, 0.5],
];

const rng = createRng(91);
const numbers = (length: number, size: number) => Float32Array.from({ length }, () => rng.uniform(-size, size));
const template = numbers(3 * V, 0.1);
/** [24, feature] of each block. */
const basis = LISTS.map((list) => numbers(24 * list.length, 0.01));
const jointTemplate = numbers(3 * J, 0.1);
const jointRows = numbers(S * 3 * J, 0.01);
const components = numbers(NUMBERS * 3 * (J - 1), 0.5);
const mean = numbers(3 * (J - 1), 0.5);

function pack(): PackedModel {
  const integers: number[] = new Array<number>(32).fill(0);
  const values: number[] = [];
  const put = (list: number[], part: ArrayLike<number>) => list.push(...Array.from(part)) - part.length;
  const starts = (lists: readonly (readonly unknown[])[]) =>
    lists.reduce<number[]>((all, list) => [...all, all.at(-1)! + list.length], [0]);
  const padded = LISTS.map((list) => [...list, ...new Array<number>(-list.length & 3).fill(FEATURES)]);
  const byVertex = Array.from({ length: V }, (_, v) => VERTEX_TERMS.filter(([, vertex]) => vertex === v));
  const rows = padded.map((list, block) => {
    const out = new Float32Array(24 * list.length);
    const own = LISTS[block]!.length;
    // Coordinates of vertices that do not exist are zero.
    for (let row = 0; row < Math.min(24, 3 * V - 24 * block); row++) {
      for (let k = 0; k < own; k++) out[24 * k + row] = basis[block]![row * own + k]!;
    }
    return Array.from(out);
  });
  const blockTemplate = new Float32Array(48);
  blockTemplate.set(template);
  const header = [
    ...[1, V, OUTPUTS, J, S, LISTS.length, JOINT_TERMS.length, 2, NUMBERS, 1],
    put(integers, PARENTS),
    put(integers, starts(padded)),
    put(
      integers,
      LISTS.map((list) => list.filter((feature) => feature < S).length),
    ),
    put(
      integers,
      LISTS.map((list) => list.length),
    ),
    put(integers, padded.flat()),
    put(integers, starts(WEIGHTS)),
    put(
      integers,
      WEIGHTS.flat().map(([joint]) => joint),
    ),
    put(integers, starts(JOINT_TERMS)),
    put(
      integers,
      JOINT_TERMS.flat().map(([joint]) => joint),
    ),
    put(integers, starts(byVertex)),
    put(
      integers,
      byVertex.flat().map(([row]) => row),
    ),
    put(values, blockTemplate),
    put(values, rows.flat()),
    put(values, jointTemplate),
    put(values, jointRows),
    put(
      values,
      WEIGHTS.flat().map(([, weight]) => weight),
    ),
    put(values, components),
    put(values, mean),
    put(
      values,
      JOINT_TERMS.flat().map(([, weight]) => weight),
    ),
    put(
      values,
      byVertex.flat().map(([, , weight]) => weight),
    ),
    put(values, [SCALE]),
  ];
  header.forEach((word, place) => (integers[place] = word));
  return {
    table: tf.tensor1d(integers, 'int32'),
    values: tf.tensor1d(values),
    outputCount: OUTPUTS,
    jointCount: J,
    shapeCount: S,
    pointCount: JOINT_TERMS.length - 1,
    identitySize: 48 + 3 * J,
  };
}

type Item = Record<'betas' | 'pose' | 'globalOrient' | 'worldRotation' | 'transl', number[]>;
const LENGTHS = { betas: S, pose: NUMBERS, globalOrient: 3, worldRotation: 9, transl: 3 } as const;

function rotationOf(w: readonly number[]): number[] {
  const angle = Math.hypot(...w);
  if (angle === 0) return [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const [x, y, z] = w.map((value) => value / angle) as [number, number, number];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const k = [x, y, z];
  const cross = [0, -z, y, z, 0, -x, -y, x, 0];
  return cross.map((value, at) => {
    const [i, j] = [Math.floor(at / 3), at % 3];
    return (i === j ? c : 0) + s * value + (1 - c) * k[i]! * k[j]!;
  });
}

const times = (a: readonly number[], b: readonly number[]) =>
  a.map((_, at) => [0, 1, 2].reduce((sum, k) => sum + a[at - (at % 3) + k]! * b[3 * k + (at % 3)]!, 0));
const apply = (a: readonly number[], x: readonly number[]) =>
  [0, 1, 2].map((i) => [0, 1, 2].reduce((sum, k) => sum + a[3 * i + k]! * x[k]!, 0));

/** The model from its formulas, in float64. */
function expectedOf({ betas, pose, globalOrient, worldRotation, transl }: Item): number[] {
  const vectors = Array.from(mean, (value, k) => {
    return pose.reduce((sum, number, n) => sum + number * components[n * mean.length + k]!, value);
  });
  const rotations = [globalOrient, vectors.slice(0, 3), vectors.slice(3)].map(rotationOf);
  const rest = Array.from({ length: J }, (_, j) =>
    [0, 1, 2].map((i) =>
      betas.reduce((sum, beta, s) => sum + beta * jointRows[(s * J + j) * 3 + i]!, jointTemplate[3 * j + i]!),
    ),
  );
  const feature = [...betas, ...rotations.slice(1).flatMap((r) => r.map((value, k) => value - (k % 4 === 0 ? 1 : 0)))];
  const turns: number[][] = [];
  const joints: number[][] = [];
  for (let j = 0; j < J; j++) {
    const parent = turns[PARENTS[j]!] ?? worldRotation;
    const bone = rest[j]!.map((value, i) => value - (rest[PARENTS[j]!]?.[i] ?? 0));
    turns.push(times(parent, rotations[j]!));
    joints.push(apply(parent, bone).map((value, i) => value + (joints[PARENTS[j]!]?.[i] ?? 0)));
  }
  const vertices = Array.from({ length: V }, (_, v) => {
    const block = v >> 3;
    const list = LISTS[block]!;
    const posed = [0, 1, 2].map((i) => {
      const row = 3 * (v & 7) + i;
      return list.reduce(
        (sum, f, k) => sum + feature[f]! * basis[block]![row * list.length + k]!,
        template[3 * v + i]!,
      );
    });
    const sum = [0, 0, 0];
    for (const [joint, weight] of WEIGHTS[v]!) {
      const turned = apply(
        turns[joint]!,
        posed.map((value, i) => value - rest[joint]![i]!),
      );
      for (let i = 0; i < 3; i++) sum[i]! += weight * (turned[i]! + joints[joint]![i]!);
    }
    return sum;
  });
  const points = JOINT_TERMS.map((terms, row) =>
    [0, 1, 2].map(
      (i) =>
        terms.reduce((sum, [joint, weight]) => sum + weight * joints[joint]![i]!, 0) +
        VERTEX_TERMS.reduce((sum, [of, vertex, weight]) => sum + (of === row ? weight * vertices[vertex]![i]! : 0), 0),
    ),
  );
  const center = points.pop()!;
  const place = (point: number[]) => point.map((value, i) => SCALE * (value - center[i]! + transl[i]!));
  return [vertices.slice(0, OUTPUTS), joints, points].flatMap((list) => list.flatMap(place));
}

describe('OpposableParametricModel', () => {
  let backend: Backend;
  beforeAll(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    registerWasmTrainingKernels();
    backend = tf.backend() as unknown as Backend;
  });

  const names = Object.keys(LENGTHS) as (keyof Item)[];
  const randomItems = (count: number): Item[] =>
    Array.from({ length: count }, (_, b) => {
      const draw = (length: number, size: number) => Array.from(numbers(length, b === 1 ? 0 : size));
      return {
        ...{ betas: draw(S, 2), pose: draw(NUMBERS, 2), globalOrient: draw(3, 2) },
        ...{ worldRotation: Array.from(numbers(9, 1)), transl: draw(3, 1) },
      };
    });
  const tensorsOf = (items: Item[]) =>
    names.map((name) => {
      const shape = name === 'worldRotation' ? [items.length, 3, 3] : [items.length, LENGTHS[name]];
      return tf.tensor(
        items.flatMap((item) => item[name]),
        shape,
      );
    });
  const run = (model: PackedModel, inputs: tf.Tensor[]) => {
    const named = Object.fromEntries(names.map((name, i) => [name, inputs[i]!]));
    const shapes = Object.fromEntries(names.map((name, i) => [name, inputs[i]!.shape]));
    const attrs = { model, shapes, save: true } as unknown as tf.NamedAttrMap;
    return tf.engine().runKernel<tf.Tensor[]>('OpposableParametricModel', named, attrs);
  };

  // Groups of eight, an incomplete group, single items.
  it.each([1, 2, 5, 8, 9, 13])('reads and writes nothing but its tensors for a batch of %i', async (batch) => {
    const guards = guardBuffers(backend);
    try {
      const items = randomItems(batch);
      const model = pack();
      const inputs = tensorsOf(items);
      const outputs = run(model, inputs);
      guards.check();
      const [vertices, joints, points] = await Promise.all(outputs.slice(0, 3).map((output) => output.data()));
      items.forEach((item, b) => {
        const of = (all: ArrayLike<number>) =>
          Array.from(all).slice((b * all.length) / batch, ((b + 1) * all.length) / batch);
        const actual = [...of(vertices!), ...of(joints!), ...of(points!)];
        expectedOf(item).forEach((value, i) => expect(Math.abs(actual[i]! - value)).toBeLessThan(2e-6));
      });
      const weights = [OUTPUTS, J, 2].map((count) => tf.tensor(numbers(batch * count * 3, 1), [batch, count, 3]));
      const gradients = tf.grads((...x) =>
        tf.addN(
          run(model, x)
            .slice(0, 3)
            .map((output, i) => tf.sum(tf.mul(output, weights[i]!))),
        ),
      )(inputs);
      guards.check();
      const shares = await Promise.all(weights.map((weight) => weight.data()));
      for (const [place, name] of names.entries()) {
        const actual = await gradients[place]!.data();
        const expected = items.flatMap((item, b) => {
          const loss = (changed: Item) => {
            const share = shares.flatMap((all) =>
              Array.from(all).slice((b * all.length) / batch, ((b + 1) * all.length) / batch),
            );
            return expectedOf(changed).reduce((sum, value, i) => sum + value * share[i]!, 0);
          };
          return item[name].map((_, k) => {
            const shifted = (step: number) =>
              loss({ ...item, [name]: item[name].map((x, i) => (i === k ? x + step : x)) });
            return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
          });
        });
        const median = expected.map(Math.abs).sort((a, b) => a - b)[expected.length >> 1]!;
        const errors = expected.map((b, i) => Math.abs(actual[i]! - b) / Math.max(Math.abs(b), median));
        expect(Math.max(...errors)).toBeLessThan(1e-4);
      }
      tf.dispose([...inputs, ...outputs, ...weights, ...gradients, model.table, model.values]);
      guards.check();
    } finally {
      guards.remove();
    }
  });

  it('takes a shape that was worked out before', async () => {
    const guards = guardBuffers(backend);
    try {
      const model = pack();
      const items = randomItems(6);
      const inputs = tensorsOf(items);
      const attrs = { model, shapes: {}, save: false } as unknown as tf.NamedAttrMap;
      const identity = tf.engine().runKernel<tf.Tensor>('OpposableShapeIdentity', { betas: inputs[0]! }, attrs);
      const named = Object.fromEntries(names.slice(1).map((name, i) => [name, inputs[i + 1]!]));
      const outputs = tf.engine().runKernel<tf.Tensor[]>('OpposableParametricModel', { identity, ...named }, attrs);
      const direct = run(model, inputs);
      guards.check();
      for (const i of [0, 1, 2]) {
        const [a, b] = [await outputs[i]!.data(), await direct[i]!.data()];
        a.forEach((value, k) => expect(Math.abs(value - b[k]!)).toBeLessThan(1e-6));
      }
      tf.dispose([...inputs, ...outputs, ...direct, identity, model.table, model.values]);
      guards.check();
    } finally {
      guards.remove();
    }
  });

  it.each([1, 64, 256])('needs less than twice its outputs and what it saves for %i hands of MANO’s size', (batch) => {
    const [vertices, points] = [778, 21];
    const header = [1, vertices, vertices, 16, 10, Math.ceil(vertices / 8), points, 0];
    const table = tf.tensor1d([...header, ...new Array<number>(24).fill(0)], 'int32');
    const native = nativeModule(backend, parametricModelModule);
    const at = backend.getMemoryOffset(table.dataId);
    const kept = 12 * batch * (vertices + 16 + points) + 4 * native.savedFloats(at, batch);
    for (const isBackward of [0, 1]) {
      expect(native.scratchBytes(at, batch, isBackward)).toBeLessThan(kept);
    }
    table.dispose();
  });
});
