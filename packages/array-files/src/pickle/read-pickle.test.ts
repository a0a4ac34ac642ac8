import { FileFormatError } from '@opposable/tensor-checks';
import { denseFromSparse } from '../numpy/dense-from-sparse.js';
import { type Description, describeValue } from '../test-support/describe-value.js';
import { fixture, fixtureJson } from '../test-support/fixtures.js';
import { type PyLiteral, writePython2Pickle } from '../testing/index.js';
import type { PickleValue, PlainArray, SparseMatrix } from '../types.js';
import { parsePickle, readPickle } from './read-pickle.js';

type Dict = Record<string, PickleValue>;
const expected = fixtureJson('pickle/expected.json') as { dict: [string, Description][] };

/** A pickle of these bytes and texts, one after the other. */
function pickleOf(...parts: (string | number[] | Uint8Array)[]): Uint8Array {
  const bytes = parts.map((part) =>
    typeof part === 'string' ? Uint8Array.from(part, (character) => character.charCodeAt(0)) : part,
  );
  return Uint8Array.from(bytes.flatMap((part) => [...part]));
}

/** JSON has no room for what only an order of keys tells apart: maps and sets are compared as sorted lists. */
const sorted = (description: Description): unknown =>
  JSON.parse(JSON.stringify(description), (key, value: unknown) =>
    (key === 'map' || key === 'dict') && Array.isArray(value)
      ? (value as [unknown, unknown][]).map((pair) => JSON.stringify(pair)).sort()
      : value,
  );

describe('readPickle of what Python 3, numpy and scipy wrote', () => {
  describe.each([0, 1, 2, 3, 4, 5])('protocol %i', (protocol) => {
    const value = parsePickle(fixture(`pickle/protocol${protocol}.pkl`)) as Dict;

    it('reads every name and nothing else', () => {
      expect(Object.keys(value).sort()).toEqual(expected.dict.map(([name]) => name).sort());
    });

    it.each(expected.dict)('reads %s', (name, description) => {
      expect(sorted(describeValue(value[name]!))).toEqual(sorted(description));
    });

    it('keeps what is shared shared, and dicts without a prototype', () => {
      const [first, second] = value['shared'] as PickleValue[];
      expect(first).toBe(second);
      expect(Object.getPrototypeOf(value['proto'])).toBeNull();
      expect((value['proto'] as Dict)['__proto__']).toBe(1);
    });
  });

  it.each(['numpy2-2', 'numpy2-5'])('reads %s.pkl, which numpy 2 and a later scipy wrote', (name) => {
    const { dense } = fixtureJson('numpy2.json') as { dense: number[][] };
    const value = parsePickle(fixture(`pickle/${name}.pkl`)) as Dict;
    expect(describeValue(value['c']!)).toEqual({ array: 'float64', shape: [2, 3], data: [0, 1, 2, 3, 4, 5] });
    expect(describeValue(value['fortran']!)).toEqual({ array: 'int32', shape: [2, 3], data: [0, 1, 2, 3, 4, 5] });
    expect(describeValue(value['records']!)).toMatchObject({ shape: [1], record: { value: { data: [2.5] } } });
    expect(value['scalar']).toBe(1.5);
    for (const format of ['csc', 'csr', 'coo']) {
      const matrix = value[format] as SparseMatrix;
      expect(matrix.format).toBe(format);
      expect([...denseFromSparse(matrix).data]).toEqual(dense.flat());
    }
  });

  it('gives arrays of their own memory, and takes an ArrayBuffer', async () => {
    const bytes = fixture('pickle/small5.pkl');
    const { a } = (await readPickle(bytes.buffer as ArrayBuffer)) as { a: PlainArray };
    expect(a.data.buffer).not.toBe(bytes.buffer);
    expect([...(a.data as Float64Array)]).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('readPickle never runs anything', () => {
  const call = (module: string, name: string, args: PyLiteral[] = []): PyLiteral => ({
    kind: 'instance',
    module,
    name,
    by: 'call',
    args,
  });

  it.each([
    ['posix', 'system'],
    ['os', 'system'],
    ['__builtin__', 'eval'],
    ['builtins', 'exec'],
    ['builtins', 'getattr'],
    ['builtins', '__import__'],
    ['subprocess', 'Popen'],
    ['numpy', 'load'],
    ['numpy.core.multiarray', 'fromfile'],
    ['numpy.testing._private.utils', 'runstring'],
    ['scipy.sparse.csc', 'csc_matrix.__reduce__'],
    ['chumpy.ch', 'ChLambda'],
    ['collections', '__proto__'],
    ['__proto__', 'constructor'],
    ['constructor', 'constructor'],
    ['copyreg', 'add_extension'],
    ['torch._utils', '_rebuild_tensor_v2'],
  ])('refuses %s.%s by name and position', (module, name) => {
    const bytes = writePython2Pickle({ kind: 'list', items: [1, call(module, name, ['echo'])] });
    const position = bytes.indexOf('c'.charCodeAt(0));
    expect(() => parsePickle(bytes)).toThrow(FileFormatError);
    expect(() => parsePickle(bytes)).toThrow(`asks for ${module}.${name}, which is refused; accepted are numpy arrays`);
    expect(() => parsePickle(bytes)).toThrow(`(at byte ${position}).`);
  });

  it.each([
    [
      'an allowed class by the protocol-4 name of another',
      pickleOf([0x80, 4, 0x8c, 2], 'os', [0x8c, 6], 'system', [0x93], '.'),
      /os\.system/,
    ],
    ['INST', pickleOf('(ios\nsystem\n.'), /os\.system, which is refused.*at byte 1/],
    ['a persistent id', pickleOf('Pabc\n.'), /names an object outside itself/],
    ['the extension registry', pickleOf([0x80, 2, 0x82, 1], '.'), /extension registry/],
    ['buffers outside the file', pickleOf([0x80, 5, 0x97], '.'), /buffers outside the file/],
    ['a call of something that is no class', pickleOf('I1\n(tR.'), /1 is called with a list or tuple/],
    [
      'a class that is only named',
      pickleOf('c__builtin__\nobject\n.'),
      /hold the class or function __builtin__\.object itself/,
    ],
    ['a call of a class that is only named', pickleOf('c__builtin__\nobject\n)R.'), /__builtin__\.object is called/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parsePickle(bytes)).toThrow(FileFormatError);
    expect(() => parsePickle(bytes)).toThrow(message);
  });
});

describe('readPickle of a malformed file', () => {
  const dtype = (code: string, state: string) => `cnumpy\ndtype\n(S'${code}'\nI0\nI1\ntR(${state}tb`;
  const array = (shape: string, type: string, data: string) =>
    `cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(${shape}t${type}I00\n${data}tb`;
  const f8 = dtype('f8', "I3\nS'<'\nNNNI-1\nI-1\nI0\n");

  it.each([
    ['nothing', '', /1 bytes are wanted, the file has 0 left \(at byte 0\)/],
    ['no end', 'N', /1 bytes are wanted/],
    ['bytes after its end', 'N.N', /ends at byte 2, the file has 3/],
    ['a value too many', 'NN.', /1 more values are left/],
    ['no value', '.', /the stack is empty/],
    ['an unknown opcode', '\x00.', /0x00 is no opcode/],
    ['a later protocol', '\x80\x06N.', /protocol 6, accepted are 0 to 5/],
    ['a length beyond the file', 'T\xff\xff\xff\x7fab', /2147483647 bytes are wanted, the file has 2 left/],
    ['a 64-bit length', '\x8e\xff\xff\xff\xff\xff\xff\xff\xff', /bytes are wanted/],
    ['a frame beyond the file', '\x80\x04\x95\xff\x00\x00\x00\x00\x00\x00\x00N.', /frame is declared 255 bytes long/],
    ['a memo place that nothing has', 'h\x05.', /memo has nothing at 5/],
    ['a memo place beyond all reason', 'Nr\xff\xff\xff\xff.', /memo has no place 4294967295/],
    ['itself inside', '(lp0\ng0\na.', /contain themselves/],
    ['itself as its own key', '(dp0\ng0\nNs.', /contain themselves/],
    ['a mark too few', 't.', /no mark/],
    ['a key without a value', '(I1\nd.', /a key has no value/],
    ['no number', 'Ix\n.', /no number where one is declared/],
    ['an endless number', `L${'9'.repeat(5000)}L\n.`, /a number is malformed/],
    ['a string without quotes', 'Sabc\n.', /quoted string is malformed/],
    [
      'an array of the wrong size',
      array('I5\n', f8, "S'12345678'\n") + '.',
      /shape \[5\] and 8 bytes per element does not fit the 8 bytes/,
    ],
    ['an array of a negative size', array('I-1\n', f8, "S''\n") + '.', /shape \[-1\]/],
    [
      'an array of objects that are none',
      array('I2\n', dtype('O8', "I3\nS'|'\nNNNI-1\nI-1\nI0\n"), '(lI1\na') + '.',
      /does not fit its 1 objects/,
    ],
    [
      'an array of a strange type',
      array('I1\n', dtype('f16', "I3\nS'<'\nNNNI-1\nI-1\nI0\n"), "S'x'\n") + '.',
      /dtype "f16", it is unknown/,
    ],
    [
      'dates',
      array('I1\n', dtype('M8', "I4\nS'<'\nNNNI-1\nI-1\nI0\n"), "S'12345678'\n") + '.',
      /dtype "M8", dates are not read/,
    ],
    [
      'an array without elements',
      "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR.",
      /an array has no elements/,
    ],
    ['a chumpy object without attributes', 'cchumpy.ch\nCh\n)\x81.', /chumpy\.ch\.Ch has no attributes/],
    ['a chumpy object inside itself', "cchumpy.ch\nCh\n)\x81p0\n(dS'x'\ng0\nsb.", /chumpy\.ch\.Ch contains itself/],
    ['text as latin1 that is not', 'c_codecs\nencode\n(V\\u1234\nVlatin1\ntR.', /not Latin-1/],
  ])('refuses one with %s', (_, text, message) => {
    const bytes = pickleOf(text);
    expect(() => parsePickle(bytes)).toThrow(FileFormatError);
    expect(() => parsePickle(bytes)).toThrow(message);
  });

  it('refuses a sparse matrix whose parts contradict each other', () => {
    const valid = fixture('pickle/small0.pkl');
    expect(() => parsePickle(valid)).not.toThrow();
    const text = String.fromCharCode(...valid).replace('I3\nI4\ntp', 'I2\nI4\ntp');
    expect(() => parsePickle(pickleOf(text))).toThrow(
      /a sparse matrix has 2 in its indices, expected whole numbers below 2/,
    );
  });
});
