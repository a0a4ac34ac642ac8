import { zipSync } from 'fflate';
import { parseNpy } from '../numpy/read-npy.js';
import { parseNpz } from '../numpy/read-npz.js';
import { writeNpz } from '../numpy/write-npz.js';
import { parsePickle } from '../pickle/read-pickle.js';
import { parseTorchCheckpoint } from '../torch/read-torch-checkpoint.js';

/** A file that asks for far more than it has. */
export interface GreedyFile {
  readonly name: string;
  readonly read: (bytes: Uint8Array) => unknown;
  readonly bytes: Uint8Array;
  /** How it is refused; absent where it is read after all, within its bounds. */
  readonly message?: RegExp;
  /** Memory that reading it may take at most, in multiples of the file. */
  readonly multiple: number;
}

const SIZE = 1 << 21;

function concatenated(...parts: (string | Uint8Array)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
  );
}

/** As many copies as fill the size. */
const filling = (piece: string): Uint8Array => {
  const unit = Buffer.from(piece, 'latin1');
  return Buffer.alloc(Math.floor(SIZE / unit.length) * unit.length, unit);
};

const F8 = "cnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbp1\n0";
const NDARRAY = 'cnumpy\nndarray\np2\n0cnumpy.core.multiarray\n_reconstruct\np3\n0';

/** Half the size of zeros, remembered at 0. */
const zeros = (): Uint8Array => {
  const bytes = new Uint8Array(SIZE / 2);
  const length = new Uint8Array(new Uint32Array([bytes.length]).buffer);
  return concatenated('T', length, bytes, 'p0\n0');
};
const count = SIZE / 2 / 8;
const copies = (piece: string): Uint8Array =>
  filling(piece).subarray(0, Math.floor(SIZE / 2 / piece.length) * piece.length);

/** Levels that each hold the one before twice. */
const doubling = (make: (below: number) => string, levels: number): string =>
  Array.from({ length: levels }, (_, i) => `${make(i)}p${i + 1}\n0`).join('');

const pickles: Readonly<Record<string, Uint8Array>> = {
  'empty dicts': concatenated('(', filling('}'), 't.'),
  'empty lists': concatenated('(', filling(']'), 't.'),
  'empty sets': concatenated('\x80\x04(', filling('\x8f'), 't.'),
  'empty texts': concatenated('(', filling('U\x00'), 't.'),
  'empty bytes': concatenated('(', filling('C\x00'), 't.'),
  'tuples of one': concatenated('(', filling('N\x85'), 't.'),
  'dicts of one': concatenated('(', filling('}K\x01Ns'), 't.'),
  marks: concatenated(filling('('), '.'),
  'lists in lists': concatenated(filling(']').subarray(0, SIZE / 2), filling('a').subarray(0, SIZE / 2 - 1), '.'),
  'tuples in tuples': concatenated('N', filling('\x85'), '.'),
  'memo entries': concatenated('N', filling('\x94'), '.'),
  'arrays over the same bytes': concatenated(
    zeros(),
    F8,
    NDARRAY,
    '(',
    copies(`g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I${count}\ntg1\nI00\ng0\ntb`),
    't.',
  ),
  'bytes from the same text': concatenated(
    'X',
    new Uint8Array(new Uint32Array([SIZE / 2]).buffer),
    copies('a'),
    'p0\n0(',
    copies('c_codecs\nencode\n(g0\nVlatin1\ntR'),
    't.',
  ),
  'sets of the same list': concatenated('(', copies('N'), 'lp0\n0(', copies('c__builtin__\nset\n(g0\ntR'), 't.'),
  'dicts by the same long key': concatenated(zeros(), '(', copies('}g0\nNs'), 't.'),
  'a billion laughs': concatenated(
    '(Nlp0\n0',
    doubling((below) => `(g${below}\ng${below}\nl`, 60),
    'g60\n.',
  ),
  'a billion laughing sets': concatenated(
    '(Nlp0\n0',
    doubling((below) => `(c__builtin__\nset\n(g${below}\ntRc__builtin__\nset\n(g${below}\ntRl`, 60),
    'g60\n.',
  ),
  'sums of the same numbers': concatenated(
    zeros(),
    F8,
    NDARRAY,
    `g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I${count}\ntg1\nI00\ng0\ntbp4\n0(`,
    copies("cchumpy.ch_ops\nsum\n)\x81(dS'x'\ng4\nsb"),
    't.',
  ),
  'matrices of the same long list of names': concatenated(
    '(',
    copies('NN'),
    'dp0\n0(',
    copies('cscipy.sparse.csc\ncsc_matrix\n)\x81g0\nb'),
    't.',
  ),
  'joints of the same long list of parts': concatenated(
    '(',
    copies("S'a'\n"),
    'lp0\n0(',
    copies("cchumpy.reordering\nConcatenate\n)\x81(dS'dterms'\ng0\nsS'a'\nI1\nsb"),
    't.',
  ),
  'arrays of the same long shape': concatenated(
    F8,
    NDARRAY,
    '(',
    copies('I1\n'),
    'tp0\n0(',
    copies("g3\n(g2\n(I0\ntS'b'\ntR(I1\ng0\ng1\nI00\nS''\ntb"),
    't.',
  ),
  'sums of rows and columns': concatenated(
    zeros(),
    F8,
    NDARRAY,
    `g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I${count}\nI1\ntg1\nI00\ng0\ntbp4\n0g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I1\nI${count}\ntg1\nI00\ng0\ntbp5\n0`,
    "cchumpy.ch_ops\nadd\n)\x81(dS'a'\ng4\nsS'b'\ng5\nsb.",
  ),
  'products of rows and columns': concatenated(
    zeros(),
    F8,
    NDARRAY,
    `g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I${count}\nI1\ntg1\nI00\ng0\ntbp4\n0g3\n(g2\n(I0\ntS'b'\ntR(I1\n(I1\nI${count}\ntg1\nI00\ng0\ntbp5\n0`,
    "cchumpy.ch_ops\ndot\n)\x81(dS'a'\ng4\nsS'b'\ng5\nsb.",
  ),
};

const npy = (descr: string, shape: string, data = 0): Uint8Array => {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;
  return concatenated(
    '\x93NUMPY\x01\x00',
    Uint8Array.of(header.length & 255, header.length >> 8),
    header,
    new Uint8Array(data),
  );
};

/** A checkpoint of one tensor with these sizes and strides over a storage of this many floats. */
const checkpoint = (size: string, stride: string, floats: number): Uint8Array =>
  zipSync(
    {
      'a/data.pkl': concatenated(
        `ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nI${floats}\ntQI0\n(${size}t(${stride}tI00\nNtR.`,
      ),
      'a/data/0': new Uint8Array(4 * floats),
    },
    { level: 0 },
  );

const bomb = (): Uint8Array =>
  writeNpz({ a: { shape: [1 << 27], data: new Uint8Array(1 << 27) } }, { compression: 'deflate' });

/** The entry of a stored archive, listed again and again. */
function overlapping(): Uint8Array {
  const single = zipSync({ 'a.npy': new Uint8Array(SIZE / 2) }, { level: 0 });
  const view = new DataView(single.buffer);
  const start = view.getUint32(single.length - 6, true);
  const entry = single.subarray(start, single.length - 22);
  const times = 20_000;
  const entries = Array.from({ length: times }, (_, i) => {
    const copy = entry.slice();
    copy.set(new TextEncoder().encode(String(i).padStart(5, '0')), 46);
    return copy;
  });
  const end = single.slice(single.length - 22);
  const endView = new DataView(end.buffer);
  endView.setUint16(8, times, true);
  endView.setUint16(10, times, true);
  endView.setUint32(12, times * entry.length, true);
  return concatenated(single.subarray(0, start), ...entries, end);
}

/** What refuses each of the pickles; the others are read. */
const MESSAGES: Readonly<Record<string, RegExp>> = {
  'empty dicts': /the objects of the file take more than/,
  'empty lists': /the objects of the file take more than/,
  'empty sets': /the objects of the file take more than/,
  'empty bytes': /the objects of the file take more than/,
  'tuples in tuples': /the objects of the file take more than/,
  'sets of the same list': /the objects of the file take more than/,
  marks: /the stack is empty/,
  'lists in lists': /nested deeper than 400 levels/,
  'arrays over the same bytes': /the contents take more than/,
  'bytes from the same text': /the contents take more than/,
  'sums of the same numbers': /the contents take more than/,
  'matrices of the same long list of names': /the contents take more than/,
  'joints of the same long list of parts': /are joined along axis 0|the contents take more than/,
  'arrays of the same long shape': /an array has the shape a list or tuple/,
  'sums of rows and columns': /the contents take more than/,
  'products of rows and columns': /the contents take more than/,
  'a billion laughs': /unfold to more than 1000000 values/,
  'a billion laughing sets': /unfold to more than 1000000 values/,
};

/** Objects take up to a hundred times the byte that asks for one; data a few times the file. */
const OBJECTS = 110;
const DATA = 24;
const FEW_OBJECTS = /^(arrays over|bytes from|sums|products)/;

/** Files of about two mebibytes (or of a few hundred bytes) that ask for gigabytes, or for work without end. */
export const greedyFiles = (): readonly GreedyFile[] => [
  ...Object.entries(pickles).map(([name, bytes]) => ({
    name: `a pickle of ${name}`,
    read: (file: Uint8Array) => parsePickle(file),
    bytes,
    multiple: FEW_OBJECTS.test(name) ? DATA : OBJECTS,
    ...(MESSAGES[name] === undefined ? {} : { message: MESSAGES[name] }),
  })),
  ...(
    [
      ['texts of no bytes', npy(`'<U0'`, '(1000000000000,)'), /the contents take more than/],
      [
        'records without data',
        npy(`[('a', '<f4', (0,)), ('b', 'u1')]`, '(1099511627776,)'),
        /does not fit the 0 bytes/,
      ],
      [
        'fields of a huge shape',
        npy(`[('a', '<f4', (2147483647, 2147483647, 0)), ('b', 'u1')]`, '(1,)', 1),
        /a field has the shape/,
      ],
    ] as const
  ).map(([name, bytes, message]) => ({
    name: `an array of ${name}`,
    read: (file: Uint8Array) => parseNpy(file, { dtypes: 'all' as const }),
    bytes,
    message,
    multiple: DATA,
  })),
  {
    name: 'a bomb of an archive',
    read: (file) => parseNpz(file, { maxBytes: 1 << 22 }),
    bytes: bomb(),
    message: /declares 134217856 bytes of contents, the limit is 4194304/,
    multiple: DATA,
  },
  {
    name: 'an archive of overlapping entries',
    read: (file) => parseNpz(file),
    bytes: overlapping(),
    message: /entries of the archive overlap/,
    multiple: DATA,
  },
  {
    name: 'a checkpoint of a number that repeats',
    read: (file) => parseTorchCheckpoint(file),
    bytes: checkpoint('I1000000\nI1000\n', 'I0\nI0\n', 1),
    message: /the contents take more than/,
    multiple: DATA,
  },
];
