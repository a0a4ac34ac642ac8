import { FileFormatError } from '@opposable/tensor-checks';
import { denseFromSparse } from '../numpy/dense-from-sparse.js';
import { pyChumpy, pyCh, pyDict, type PyLiteral, writeModelPickle, writePython2Pickle } from '../testing/index.js';
import type { ArrayInput, PlainArray, SparseMatrix } from '../types.js';
import { parsePickle, readPickle } from './read-pickle.js';

const ramp = (...shape: number[]): ArrayInput => ({
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + shape.length)),
});

const regressor = new Float64Array(3 * 7);
regressor[2] = 0.25;
regressor[9] = -1;
regressor[20] = 0.5;
const fields = {
  v_template: ramp(7, 3),
  shapedirs: ramp(7, 3, 4),
  J_regressor: { shape: [3, 7], data: regressor },
  f: { shape: [2, 3], data: new Uint32Array([0, 1, 2, 4, 5, 6]) },
  kintree_table: { shape: [2, 3], data: new Uint32Array([4294967295, 0, 1, 0, 1, 2]) },
  bs_style: 'lbs',
  bs_type: 'lrotmin',
  note: 'gr\xf6\xdfer',
};

describe('readPickle of a model file with the opcodes of Python 2', () => {
  it.each(['select', 'ch', 'array'] as const)('evaluates shapedirs that stand there as %s', async (shapedirs) => {
    const model = (await readPickle(writeModelPickle(fields, { shapedirs }))) as Record<string, unknown>;
    expect(Object.getPrototypeOf(model)).toBeNull();
    expect(model['shapedirs']).toEqual({ dtype: 'float64', ...fields.shapedirs });
    expect(model['v_template']).toEqual({ dtype: 'float64', ...fields.v_template });
    expect(model['f']).toEqual({ dtype: 'uint32', ...fields.f });
    expect((model['kintree_table'] as PlainArray).data[0]).toBe(4294967295);
    expect([model['bs_style'], model['bs_type'], model['note']]).toEqual(['lbs', 'lrotmin', 'größer']);
  });

  it('gives the sparse regressor as compressed columns, which densify to the matrix', () => {
    const { J_regressor: matrix } = parsePickle(writeModelPickle(fields)) as { J_regressor: SparseMatrix };
    expect(matrix).toMatchObject({ format: 'csc', dtype: 'float64', shape: [3, 7] });
    expect(denseFromSparse(matrix)).toEqual({ dtype: 'float64', shape: [3, 7], data: regressor });
  });

  it.each([
    ['numpy._core.multiarray', 'scipy.sparse._csc'],
    ['multiarray', 'scipy.sparse.csc'],
  ])('accepts the module names %s and %s', (multiarray, csc) => {
    const model = parsePickle(writeModelPickle(fields, { multiarray, csc })) as Record<string, unknown>;
    expect(model['shapedirs']).toEqual({ dtype: 'float64', ...fields.shapedirs });
  });

  it("reads fields of the size of MANO's", () => {
    const posedirs = ramp(778, 3, 135);
    const model = parsePickle(writeModelPickle({ posedirs, weights: ramp(778, 16) })) as Record<string, PlainArray>;
    expect(model['posedirs']).toEqual({ dtype: 'float64', ...posedirs });
    expect(model['weights']!.shape).toEqual([778, 16]);
  });

  it('keeps the bytes of a Python 2 text where that is asked for', () => {
    const { note } = parsePickle(writeModelPickle(fields), { byteStrings: 'bytes' }) as { note: Uint8Array };
    expect([...note]).toEqual([0x67, 0x72, 0xf6, 0xdf, 0x65, 0x72]);
  });
});

describe('chumpy arithmetic', () => {
  const a = pyCh({ shape: [2, 3], data: new Float64Array([1, 2, 3, 4, 5, 6]) });
  const row = pyCh({ shape: [3], data: new Float64Array([10, 20, 40]) });
  const evaluate = (value: PyLiteral) => {
    const { shape, data } = (parsePickle(writePython2Pickle(pyDict({ value }))) as { value: PlainArray }).value;
    return [shape, [...(data as Float64Array)]];
  };
  const operation = (name: string, attributes: Record<string, PyLiteral>) =>
    pyChumpy('chumpy.ch_ops', name, attributes);
  const reordering = (name: string, attributes: Record<string, PyLiteral>) =>
    pyChumpy('chumpy.reordering', name, attributes);
  const list = (items: PyLiteral[]): PyLiteral => ({ kind: 'list', items });

  it.each([
    ['add', { a, b: row }, [11, 22, 43, 14, 25, 46]],
    ['subtract', { a: row, b: a }, [9, 18, 37, 6, 15, 34]],
    ['multiply', { a, b: 2 }, [2, 4, 6, 8, 10, 12]],
    ['divide', { x1: a, x2: row }, [0.1, 0.1, 0.075, 0.4, 0.25, 0.15]],
    ['power', { x: a, pow: 2 }, [1, 4, 9, 16, 25, 36]],
    ['negative', { x: a }, [-1, -2, -3, -4, -5, -6]],
    ['maximum', { a, b: 3.5 }, [3.5, 3.5, 3.5, 4, 5, 6]],
  ] as const)('evaluates %s, broadcasting like numpy', (name, attributes, data) => {
    expect(evaluate(operation(name, attributes))).toEqual([[2, 3], [...data]]);
  });

  it('evaluates dot, sum, reshape, transpose and concatenate', () => {
    expect(evaluate(operation('dot', { a, b: row }))).toEqual([[2], [170, 380]]);
    expect(evaluate(operation('sum', { x: a, axis: 0 }))).toEqual([[3], [5, 7, 9]]);
    expect(evaluate(operation('sum', { x: a, axis: -1 }))).toEqual([[2], [6, 15]]);
    expect(evaluate(operation('sum', { x: a }))).toEqual([[], [21]]);
    expect(evaluate(reordering('Reshape', { a, newshape: list([-1, 2]) }))).toEqual([
      [3, 2],
      [1, 2, 3, 4, 5, 6],
    ]);
    expect(evaluate(reordering('transpose', { a, axes: null }))).toEqual([
      [3, 2],
      [1, 4, 2, 5, 3, 6],
    ]);
    const joined = reordering('Concatenate', { dterms: list(['m0', 'm1']), m0: a, m1: a, axis: 1 });
    expect(evaluate(joined)).toEqual([
      [2, 6],
      [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6],
    ]);
  });

  it.each([
    [
      'shapes that do not broadcast',
      operation('add', { a, b: pyCh({ shape: [2], data: new Float64Array(2) }) }),
      /do not go together/,
    ],
    ['a missing attribute', operation('add', { a }), /ch_ops\.add has nothing for its 'b'/],
    ['a class that is not known', operation('cumsum', { a }), /asks for chumpy\.ch_ops\.cumsum, which is refused/],
  ])('refuses %s', (_, value, message) => {
    expect(() => evaluate(value)).toThrow(FileFormatError);
    expect(() => evaluate(value)).toThrow(message);
  });
});
