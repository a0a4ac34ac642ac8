import { ConfigError, FileFormatError } from '@opposable/tensor-checks';
import { zipSync } from 'fflate';
import { describeArray, expected, type ExpectedArray, fixture, fixtureJson } from '../test-support/fixtures.js';
import { type Description, describeValue } from '../test-support/describe-value.js';
import type { ObjectArray, PlainArray, TextArray } from '../types.js';
import { parseNpy, readNpy } from './read-npy.js';
import { parseNpz, readNpz } from './read-npz.js';
import { writeNpy } from './write-npy.js';
import { writeNpz } from './write-npz.js';

const npyNames = Object.keys(expected).filter((name) => name.endsWith('.npy'));

/** A version-1 .npy file with this header and this many bytes of data. */
function npyOf(header: string, dataBytes: number): Uint8Array {
  const file = new Uint8Array(10 + header.length + dataBytes);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  file.set(new TextEncoder().encode(header), 10);
  return file;
}

describe('readNpy', () => {
  it.each(npyNames)('reads %s as numpy wrote it', async (name) => {
    expect(describeArray(await readNpy(fixture(name)))).toEqual(expected[name]);
  });

  it('accepts an ArrayBuffer and a view into a larger buffer', () => {
    const bytes = fixture('f8.npy');
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(parseNpy(shifted.subarray(3))).toEqual(parseNpy(bytes.buffer as ArrayBuffer));
  });

  it.each([
    ['refused-object.npy', /an object dtype, object arrays hold Python pickles; accepted are f8.*dtypes: 'all'/],
    ['refused-text.npy', /a text dtype, arrays of texts are not asked for/],
    ['refused-record.npy', /a structured dtype, arrays of records are not asked for/],
  ])('refuses %s by name', (name, message) => {
    expect(() => parseNpy(fixture(name))).toThrow(FileFormatError);
    expect(() => parseNpy(fixture(name))).toThrow(message);
  });

  it.each([
    ['no magic', new Uint8Array(40), /does not start like a \.npy file/],
    ['a later version', fixture('f8.npy').fill(4, 6, 7), /version 4\.0, accepted are 1\.0, 2\.0 and 3\.0/],
    [
      'data missing',
      fixture('f8.npy').slice(0, -1),
      /shape \[2, 3\] and 8 bytes per element does not fit the 47 bytes/,
    ],
    [
      'data left over',
      npyOf(`{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }`, 9),
      /does not fit the 9 bytes/,
    ],
    [
      'a huge shape',
      npyOf(`{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }`, 8),
      /fit/,
    ],
    ['a negative size', npyOf(`{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }`, 4), /shape \[-1\]/],
    ['a key too many', npyOf(`{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}`, 4), /keys .* x/],
    ['an open bracket', npyOf(`{'descr': '<f4', 'fortran_order': False, 'shape': (1,`, 4), /header has/],
    ['code in its header', npyOf(`{'descr': __import__('os'), }`, 4), /header has "__import__/],
    ['brackets without end', npyOf('('.repeat(60000), 4), /too many brackets/],
    ['long doubles', npyOf(`{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }`, 16), /"<f16", it is unknown/],
  ])('refuses a file with %s', (_, bytes, message) => {
    expect(() => parseNpy(bytes)).toThrow(FileFormatError);
    expect(() => parseNpy(bytes)).toThrow(message);
  });
});

describe("readNpy with dtypes: 'all'", () => {
  const pickled = new Map((fixtureJson('pickle/expected.json') as { dict: [string, Description][] }).dict);

  it.each(['objects', 'records', 'aligned', 'recordsFortran', 'unicode', 'bigUnicode', 'byteTexts'])(
    'reads %s.npy as numpy wrote it',
    async (name) => {
      const read = await readNpy(fixture(`pickle/${name}.npy`), { dtypes: 'all' });
      expect(describeValue(read)).toEqual(pickled.get(name));
    },
  );

  it('reads an archive of objects, records, texts and numbers, or the numbers alone by name', () => {
    const archive = parseNpz(fixture('pickle/mixed.npz'), { dtypes: 'all' });
    for (const [name, array] of Object.entries(archive)) expect(describeValue(array)).toEqual(pickled.get(name));
    expect(Object.keys(parseNpz(fixture('pickle/mixed.npz'), { names: ['f8'] }))).toEqual(['f8']);
    expect(() => parseNpz(fixture('pickle/mixed.npz'))).toThrow(/readNpz \('objects'\): the array has an object dtype/);
  });

  it('refuses an object array whose pickle asks for code', () => {
    const evil = new TextEncoder().encode("cos\nsystem\n(S'true'\ntR.");
    const file = npyOf(`{'descr': '|O', 'fortran_order': False, 'shape': (1,), }`, evil.length);
    file.set(evil, file.length - evil.length);
    expect(() => parseNpy(file, { dtypes: 'all' })).toThrow(FileFormatError);
    expect(() => parseNpy(file, { dtypes: 'all' })).toThrow(/readNpy: the pickle asks for os\.system/);
  });

  it.each([
    ['no field names', `[(1, '<f4')]`, /structured dtype is malformed/],
    ['no bytes', `[('a', '<f4', (0,))]`, /structured dtype has no bytes/],
    ['raw bytes', `'|V8'`, /dtype "\|V8", raw bytes are not read/],
    ['a negative field', `[('a', '<f4', (-2,))]`, /field has the shape \[-2\]/],
    ['texts without end', `'<U999999999'`, /dtype "<U999999999"/],
    ['objects inside records', `[('a', '|O')]`, /field "a" holds objects/],
  ])('refuses a structured dtype with %s', (_, descr, message) => {
    const file = npyOf(`{'descr': ${descr}, 'fortran_order': False, 'shape': (1,), }`, 8);
    expect(() => parseNpy(file, { dtypes: 'all' })).toThrow(FileFormatError);
    expect(() => parseNpy(file, { dtypes: 'all' })).toThrow(message);
  });

  it('gives single texts and objects for arrays without axes', () => {
    const text = npyOf(`{'descr': '<U2', 'fortran_order': False, 'shape': (), }`, 8);
    text.set([0x68, 0, 0, 0, 0x69, 0, 0, 0], text.length - 8);
    expect((parseNpy(text, { dtypes: 'all' }) as TextArray).data).toEqual(['hi']);
    const objects = parseNpy(fixture('refused-object.npy'), { dtypes: 'all' }) as ObjectArray;
    expect(describeValue(objects)).toEqual({ array: 'object', shape: [2], data: [{ dict: [['a', 1]] }, null] });
  });
});

describe('writeNpy', () => {
  it.each(['f8', 'f2', 'i8', 'u8', 'i4', 'u4', 'u2', 'i1', 'u1', 'bool', 'c16', 'scalar', 'empty'])(
    'writes the bytes that numpy wrote for %s',
    (name) => {
      const bytes = fixture(`${name}.npy`);
      expect(Buffer.compare(writeNpy(parseNpy(bytes)), bytes)).toBe(0);
    },
  );

  it('turns Fortran order and big-endian numbers into the C-order file of the same values', () => {
    for (const name of ['f4-fortran', 'i2-big-fortran', 'c8-big-fortran', 'f2-big']) {
      const array = parseNpy(fixture(`${name}.npy`));
      expect(parseNpy(writeNpy(array))).toEqual(array);
    }
  });

  it('refuses what numpy has no type for, and data that does not fit its shape', () => {
    const data = new Float32Array(2);
    expect(() => writeNpy({ dtype: 'bfloat16', shape: [2], data })).toThrow(/numpy has no dtype bfloat16/);
    expect(() => writeNpy({ shape: [3], data })).toThrow(ConfigError);
  });
});

describe('readNpz and writeNpz', () => {
  it.each(['stored.npz', 'deflated.npz'])('reads %s as numpy wrote it', async (name) => {
    const read = await readNpz(fixture(name));
    const described = Object.fromEntries(Object.entries(read).map(([key, array]) => [key, describeArray(array)]));
    expect(described).toEqual(expected[name]);
  });

  it.each(['stored', 'deflate'] as const)('round-trips %s archives, the same bytes every time', (compression) => {
    const arrays: Record<string, PlainArray> = parseNpz(fixture('stored.npz'));
    const bytes = writeNpz(arrays, { compression });
    expect(parseNpz(bytes)).toEqual(arrays);
    expect(writeNpz(arrays, { compression })).toEqual(bytes);
    if (compression === 'deflate') expect(bytes.length).toBeLessThan(2000);
  });

  it('reads every kind of array from its place in what was inflated, and aligned or not', () => {
    const files = npyNames.map((name) => [name, fixture(name)] as const);
    const archive = zipSync(Object.fromEntries(files), { level: 9 });
    for (const [name, array] of Object.entries(parseNpz(archive))) {
      expect(describeArray(array)).toEqual(expected[`${name}.npy`]);
    }
    for (let padding = 0; padding < 8; padding++) {
      const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (40,)}${' '.repeat(padding)}\n`;
      const file = npyOf(header, 320);
      new Uint8Array(Float64Array.from({ length: 40 }, (_, i) => i / 3).buffer).forEach(
        (byte, i) => (file[file.length - 320 + i] = byte),
      );
      const { a } = parseNpz(zipSync({ 'a.npy': file }));
      expect(Array.from(a!.data as Float64Array)).toEqual(Array.from({ length: 40 }, (_, i) => i / 3));
    }
  });

  it.each(['stored', 'deflate'] as const)('gives arrays of %s archives that nothing else refers to', (compression) => {
    const bytes = writeNpz(
      { a: { shape: [40], data: new Float32Array(40).fill(1) }, b: { shape: [40], data: new Float32Array(40) } },
      { compression },
    );
    const copy = bytes.slice();
    const { a, b } = parseNpz(bytes);
    (a!.data as Float32Array).fill(7);
    expect(bytes).toEqual(copy);
    expect(Array.from(b!.data as Float32Array)).toEqual(new Array(40).fill(0));
    expect(Array.from(parseNpz(bytes)['a']!.data as Float32Array)).toEqual(new Array(40).fill(1));
  });

  it('reads the named arrays of an archive that also holds texts', () => {
    expect(() => parseNpz(fixture('mixed.npz'))).toThrow(/readNpz \('names'\): the array has a text dtype/);
    const { poses } = parseNpz(fixture('mixed.npz'), { names: ['poses'] });
    expect(describeArray(poses!)).toEqual((expected as Record<string, ExpectedArray>)['f8.npy']);
    expect(() => parseNpz(fixture('mixed.npz'), { names: ['betas'] })).toThrow(/no array 'betas', it has poses, names/);
  });

  it('stops at the limit that the archive declares', () => {
    const bomb = writeNpz({ a: { shape: [1 << 22], data: new Uint8Array(1 << 22) } }, { compression: 'deflate' });
    expect(bomb.length).toBeLessThan(1 << 14);
    expect(() => parseNpz(bomb, { maxBytes: 1 << 20 })).toThrow(
      /declares 4194\d+ bytes of contents, the limit is 1048576/,
    );
  });

  it('stops inflating an archive that declares less than it holds', () => {
    const bomb = writeNpz({ a: { shape: [1 << 22], data: new Uint8Array(1 << 22) } }, { compression: 'deflate' });
    const view = new DataView(bomb.buffer);
    const directory = view.getUint32(bomb.length - 6, true);
    view.setUint32(directory + 24, 1000, true);
    expect(() => parseNpz(bomb)).toThrow(/entry "a.npy" inflates to more than 1000 bytes/);
  });

  it('sees a changed byte by its checksum', () => {
    const bytes = writeNpz({ a: { shape: [4], data: new Float32Array(4) } });
    bytes[30 + 5 + 128 + 3]! ^= 1;
    expect(() => parseNpz(bytes)).toThrow(/entry "a.npy" does not match its declared size and checksum/);
  });

  it('refuses an archive of something else', () => {
    const zip = zipSync({ 'word/document.xml': new Uint8Array(3) });
    expect(() => parseNpz(zip)).toThrow(/the archive holds "word\/document.xml", expected only \.npy files/);
    expect(() => parseNpz(new Uint8Array(100))).toThrow(/does not end like a ZIP archive/);
  });
});

describe('parseNpz of files that are alike', () => {
  const archive = (shape: number[], first: number) =>
    writeNpz({ a: { shape, data: Float32Array.from({ length: 6 }, (_, i) => first + i) } }, { compression: 'deflate' });

  it('keeps what it gave before, and knows headers of one length apart', () => {
    const first = parseNpz(archive([2, 3], 1))['a']!;
    const second = parseNpz(archive([3, 2], 10))['a']!;
    const third = parseNpz(archive([2, 3], 20))['a']!;
    expect([first, second, third].map(({ shape }) => shape)).toEqual([
      [2, 3],
      [3, 2],
      [2, 3],
    ]);
    expect([first, second, third].map(({ data }) => [data[0], data[5]])).toEqual([
      [1, 6],
      [10, 15],
      [20, 25],
    ]);
    (first.shape as number[])[0] = 7;
    expect(parseNpz(archive([2, 3], 1))['a']!.shape).toEqual([2, 3]);
  });

  it('finds a known header in front of too few elements to be wrong', () => {
    const whole = writeNpy({ shape: [2, 3], data: new Float32Array(6) });
    expect(parseNpy(whole).shape).toEqual([2, 3]);
    expect(() => parseNpy(whole.subarray(0, whole.length - 4))).toThrow(/shape \[2, 3\] .* does not fit the 20 bytes/);
    expect(() => parseNpy(whole.subarray(0, 40))).toThrow(/the header is declared/);
  });
});
