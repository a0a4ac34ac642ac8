import { createRng } from '@opposable/tensor-checks';
import { pyArray, pyDict, type PyLiteral } from '../testing/py.js';
import { writePython2Pickle } from '../testing/write-python2-pickle.js';
import { createPickleReader } from './create-pickle-reader.js';
import { parsePickle } from './read-pickle.js';

const rng = createRng('create-pickle-reader');
const array = (shape: number[], type: typeof Float64Array | typeof Float32Array | typeof Int32Array = Float64Array) => {
  const count = shape.reduce((a, b) => a * b, 1);
  return pyArray({ shape, data: type.from(Array.from({ length: count }, () => 100 * rng.normal())) });
};
const frame = (extra: Record<string, PyLiteral> = {}) =>
  writePython2Pickle(
    pyDict({
      ...{
        camMat: array([3, 3]),
        handPose: array([48]),
        single: array([21, 3], Float32Array),
        id: array([3], Int32Array),
        handBeta: array([10]),
      },
      ...{ objName: '021_bleach', objLabel: 12, isRight: true, none: null, ...extra },
    }),
  );

describe('createPickleReader', () => {
  it('gives what parsePickle gives, of files that are alike and of others among them', () => {
    const read = createPickleReader();
    for (let i = 0; i < 60; i++) {
      const file =
        i % 7 === 3
          ? frame({ objLabel: i })
          : i % 11 === 5
            ? frame({ list: { kind: 'list', items: [1, 2] } })
            : frame();
      expect(read(file)).toEqual(parsePickle(file));
    }
    for (const value of [7, 'text', null, [1, 2]] as const) {
      const literal: PyLiteral = typeof value === 'object' && value !== null ? { kind: 'list', items: value } : value;
      expect(read(writePython2Pickle(literal))).toEqual(value);
    }
  });

  it('gives arrays of their own each time', () => {
    const read = createPickleReader();
    const file = frame();
    const first = read(file) as Record<string, { data: Float64Array }>;
    const second = read(file) as Record<string, { data: Float64Array }>;
    first['handPose']!.data.fill(0);
    expect(read(file)).toEqual(second);
    const kept = structuredClone(second);
    file.fill(0);
    expect(second).toEqual(kept);
  });

  it('runs a file of which any other byte differs: the same value or the same refusal', () => {
    const file = frame();
    const outcome = (parse: (bytes: Uint8Array) => unknown, bytes: Uint8Array): unknown => {
      try {
        return parse(bytes);
      } catch (cause) {
        return (cause as Error).message.replace(/^\w+: /, '');
      }
    };
    for (let at = 0; at < file.length; at += 3) {
      const read = createPickleReader();
      read(file);
      const changed = file.slice();
      changed[at]! ^= 1 + rng.integer(0, 254);
      expect(outcome(read, changed)).toEqual(outcome(parsePickle, changed));
    }
  });

  it('does not take a text for elements when both are one piece of the file', () => {
    // dict { 'a': array whose data is also the value of 'b' } by the memo
    const read = createPickleReader();
    const shared = { kind: 'bytes', bytes: new Uint8Array(8).fill(65) } as const;
    const instance = pyArray({ shape: [1], data: Float64Array.of(1) });
    const state = instance.state as { kind: 'tuple'; items: PyLiteral[] };
    const withShared = { ...instance, state: { ...state, items: [...state.items.slice(0, -1), shared] } } as PyLiteral;
    const file = writePython2Pickle(pyDict({ a: withShared, b: shared }));
    const other = file.slice();
    expect(read(file)).toEqual(parsePickle(file));
    expect(read(other)).toEqual(parsePickle(other));
  });
});
