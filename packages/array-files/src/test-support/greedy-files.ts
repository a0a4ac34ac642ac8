import { zipSync } from 'fflate';
import { writeNpz } from '../numpy/write-npz.js';
import { concatenated, counting, filling, four, greedyPickles, letters, PICKLE_MESSAGES } from './greedy-pickles.js';

/** A file that asks for far more than it has, or holds nothing but what takes the most memory of its format. */
export interface GreedyFile {
  readonly name: string;
  /** The export of this package that reads it. */
  readonly reader: string;
  readonly options?: object;
  readonly bytes: Uint8Array;
  /** How it is refused; absent where it may be read. */
  readonly message?: RegExp;
}

const npy = (descr: string, shape: string, data = 0): Uint8Array => {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;
  return concatenated(
    '\x93NUMPY\x01\x00',
    Uint8Array.of(header.length & 255, header.length >> 8),
    header,
    new Uint8Array(data),
  );
};

/** The same file with its numbers in Fortran order. */
const fortran = (file: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.from(Buffer.from(file).toString('latin1').replace('False', 'True '), 'latin1'));

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

/** Zeros, a thousandth of their size. */
const bomb = (): Uint8Array =>
  writeNpz({ a: { shape: [1 << 24], data: new Uint8Array(1 << 24) } }, { compression: 'deflate' });

/** The entry of a stored archive, listed again and again. */
function overlapping(size: number): Uint8Array {
  const single = zipSync({ 'a.npy': new Uint8Array(size / 2) }, { level: 0 });
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

/** An archive of as many tiny arrays as fill the size. */
function tinyArrays(size: number): Uint8Array {
  const one = npy("'|u1'", '()', 1);
  const names = Array.from({ length: Math.floor(size / (one.length + 110)) }, (_, i) => `${letters(i)}.npy`);
  return zipSync(Object.fromEntries(names.map((name) => [name, one])), { level: 0 });
}

/** A checkpoint of tensors of one number each, all made of the same parts. */
function tinyTensors(size: number): Uint8Array {
  const start =
    "ctorch._utils\n_rebuild_tensor_v2\np0\n0((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nI1\ntQI0\n(I1\nt(I1\ntI00\nNtp1\n0";
  const pickle = concatenated(start, '(', filling('h\x00h\x01R', size), 't.');
  return zipSync({ 'a/data.pkl': pickle, 'a/data/0': new Uint8Array(4) }, { level: 0 });
}

/** The header of a safetensors file, and data. */
const safetensors = (header: Uint8Array, data = 0): Uint8Array => {
  const padding = ' '.repeat((8 - (header.length % 8)) % 8);
  return concatenated(four(header.length + padding.length), four(0), header, padding, new Uint8Array(data));
};

function tinySafetensors(size: number): Uint8Array {
  const count = Math.floor(size / 54);
  const entries = Array.from({ length: count }, (_, i) => {
    return `"${letters(i)}":{"dtype":"U8","shape":[],"data_offsets":[${i},${i + 1}]}`;
  });
  return safetensors(Buffer.from(`{${entries.join(',')}}`), count);
}

/** A MAT file of one array: its class, dimensions and what follows its name. */
function mat(classId: number, dimensions: readonly number[], content: Uint8Array): Uint8Array {
  const header = concatenated('MATLAB 5.0 MAT-file'.padEnd(124), '\x00\x01IM');
  const sizes = concatenated(...dimensions.map(four));
  const body = concatenated(
    ...[four(6), four(8), four(classId), four(0)],
    ...[four(5), four(sizes.length), sizes, '\0'.repeat((8 - (sizes.length % 8)) % 8)],
    ...[four((1 << 16) | 1), 'a\0\0\0'],
    content,
  );
  return concatenated(header, four(14), four(body.length), body);
}

const element = (type: number, bytes: Uint8Array): Uint8Array =>
  concatenated(four(type), four(bytes.length), bytes, '\0'.repeat((8 - (bytes.length % 8)) % 8));

/** MAT files of about this many bytes: elements in their least form. */
function greedyMats(size: number): Readonly<Record<string, Uint8Array>> {
  const [CELL, STRUCT, CHAR, SPARSE, DOUBLE] = [1, 2, 4, 5, 6];
  const [UINT8, INT32, UINT16, UTF8, MATRIX] = [2, 5, 4, 16, 14];
  const side = Math.floor(Math.sqrt(size));
  const square = side * side;
  const scalar = mat(DOUBLE, [1, 1], concatenated(four((1 << 16) | UINT8), '\x07\0\0\0')).subarray(128);
  const half = Math.floor(size / 18);
  const fields = counting((i) => letters(i).padEnd(6, '\0'), 6 * half);
  return {
    'doubles kept in bytes': mat(DOUBLE, [side, side], element(UINT8, new Uint8Array(square).fill(7))),
    'characters of a byte': mat(CHAR, [side, side], element(UTF8, new Uint8Array(square).fill(0x61))),
    'characters of two bytes': mat(
      CHAR,
      [side, side >> 1],
      element(UINT16, filling('\x0b\x30', 2 * side * (side >> 1))),
    ),
    'a column of characters': mat(CHAR, [size >> 1, 1], element(UINT16, filling('\x0b\x30', size))),
    'empty cells': mat(CELL, [size >> 3, 1], filling(`${four(MATRIX)}${four(0)}`, size)),
    'cells of a number': mat(
      CELL,
      [Math.floor(size / scalar.length), 1],
      filling(Buffer.from(scalar).toString('latin1'), size),
    ),
    'fields of nothing': mat(
      STRUCT,
      [1, 1],
      concatenated(
        ...[four((4 << 16) | INT32), four(6), element(1, fields)],
        filling(`${four(MATRIX)}${four(0)}`, 8 * (fields.length / 6)),
      ),
    ),
    'structs of nothing': mat(
      STRUCT,
      [size >> 3, 1],
      concatenated(
        ...[four((4 << 16) | INT32), four(2), four((2 << 16) | 1), 'a\0\0\0'],
        filling(`${four(MATRIX)}${four(0)}`, size),
      ),
    ),
    'columns without values': mat(
      SPARSE,
      [1, (size >> 2) - 1],
      concatenated(
        element(INT32, new Uint8Array()),
        element(INT32, new Uint8Array(size)),
        element(9, new Uint8Array()),
      ),
    ),
  };
}

/** Files of about this many bytes (or of a few hundred) that ask for gigabytes, for work without end, or for much. */
export const greedyFiles = (size: number): readonly GreedyFile[] => [
  ...Object.entries(greedyPickles(size)).map(([name, bytes]) => ({
    name: `a pickle of ${name}`,
    reader: 'parsePickle',
    bytes,
    ...(PICKLE_MESSAGES[name] === undefined ? {} : { message: PICKLE_MESSAGES[name] }),
  })),
  ...Object.entries(greedyMats(size)).map(([name, bytes]) => ({
    name: `a MAT file of ${name}`,
    reader: 'parseMat',
    bytes,
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
      ['texts of two bytes', npy(`'|S2'`, `(${size / 2},)`, size), undefined],
      ['texts of one character', npy(`'|S1'`, `(${size},)`, size), undefined],
      ['columns of bytes', npy(`'|u1'`, `(2, ${size / 2})`, size), undefined],
    ] as const
  ).map(([name, bytes, message]) => ({
    name: `an array of ${name}`,
    reader: 'parseNpy',
    options: { dtypes: 'all' },
    bytes: name === 'columns of bytes' ? fortran(bytes) : bytes,
    ...(message === undefined ? {} : { message }),
  })),
  {
    name: 'a bomb of an archive',
    reader: 'parseNpz',
    options: { maxBytes: 1 << 20 },
    bytes: bomb(),
    message: /declares 16777344 bytes of contents, the limit is 1048576/,
  },
  {
    name: 'an archive of overlapping entries',
    reader: 'parseNpz',
    bytes: overlapping(size),
    message: /entries of the archive overlap|the archive's directory/,
  },
  { name: 'an archive of tiny arrays', reader: 'parseNpz', bytes: tinyArrays(size) },
  {
    name: 'a checkpoint of a number that repeats',
    reader: 'parseTorchCheckpoint',
    bytes: checkpoint('I1000000\nI1000\n', 'I0\nI0\n', 1),
    message: /the contents take more than/,
  },
  { name: 'a checkpoint of tiny tensors', reader: 'parseTorchCheckpoint', bytes: tinyTensors(size) },
  { name: 'a safetensors file of tiny tensors', reader: 'parseSafetensors', bytes: tinySafetensors(size) },
  {
    name: 'a safetensors file of empty tensors',
    reader: 'parseSafetensors',
    bytes: safetensors(
      concatenated(
        '{',
        counting((i) => `"${letters(i)}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},`, size),
        '"":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
      ),
    ),
  },
  {
    name: 'a safetensors file of metadata',
    reader: 'parseSafetensors',
    bytes: safetensors(
      concatenated(
        '{"__metadata__":{',
        counting((i) => `"${letters(i)}":"",`, size),
        '"":""}}',
      ),
    ),
  },
  ...(
    [
      ['brackets', concatenated('{"a":[', filling('{},', size), '{}]}')],
      ['brackets in brackets', concatenated('{"a":', filling('[', size / 2), filling(']', size / 2), '}')],
      ['numbers', concatenated('{"a":{"dtype":"U8","shape":[', filling('0,', size), '0],"data_offsets":[0,0]}}')],
      [
        'keys',
        concatenated(
          '{',
          counting((i) => `"${letters(i)}":0,`, size),
          '"":0}',
        ),
      ],
    ] as const
  ).map(([name, header]) => ({
    name: `a safetensors file of ${name}`,
    reader: 'parseSafetensors',
    bytes: safetensors(header),
    ...(name === 'numbers' ? {} : { message: /holds something else than tensors|is not described by an object/ }),
  })),
];

/** HDF5 files of what takes the fewest bytes: groups, links, short texts, attributes. */
export async function greedyHdf5(count: number): Promise<readonly GreedyFile[]> {
  const { ready, File } = await import('h5wasm');
  const { FS } = await ready;
  const made = (name: string, fill: (file: InstanceType<typeof File>) => void): GreedyFile => {
    const path = `greedy-${name.replaceAll(' ', '-')}.h5`;
    const file = new File(path, 'w');
    fill(file);
    file.close();
    const bytes = FS.readFile(path).slice();
    FS.unlink(path);
    return { name: `an HDF5 file of ${name}`, reader: 'readHdf5', bytes };
  };
  const numbers = Array.from({ length: count }, (_, i) => i);
  return [
    made('groups', (file) => numbers.forEach((i) => file.create_group(`g${i}`))),
    made('links', (file) => numbers.forEach((i) => file.create_soft_link('/nowhere', `l${i}`))),
    made('attributes', (file) => numbers.slice(0, 500).forEach((i) => file.create_attribute(`a${i}`, 1))),
    made('numbers', (file) =>
      numbers.forEach((i) => file.create_dataset({ name: `n${i}`, data: Uint8Array.of(1), shape: [1], dtype: '<B' })),
    ),
    made('texts', (file) =>
      file.create_dataset({
        name: 'texts',
        data: numbers.flatMap((i) => Array<string>(20).fill(letters(i).slice(0, 1))),
      }),
    ),
    made('short texts of one length', (file) =>
      file.create_dataset({ name: 'texts', data: numbers.flatMap(() => Array<string>(100).fill('ab')), dtype: 'S2' }),
    ),
  ];
}
