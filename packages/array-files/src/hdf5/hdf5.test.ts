import { readFileSync } from 'node:fs';
import { FileFormatError } from '@opposable/tensor-checks';
import { describeArray, type ExpectedArray } from '../test-support/fixtures.js';
import type { PlainArray } from '../types.js';
import { holdsDamagedHeap, lengthBytesOf } from './global-heap.js';
import { isHdf5 } from './is-hdf5.js';
import { readHdf5 } from './read-hdf5.js';
import type { Hdf5Group, Hdf5Value } from './types.js';

const folder = new URL('fixtures/', import.meta.url);
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as {
  readonly hdf5: Record<string, ExpectedArray>;
  readonly compressed: ExpectedArray;
};

function at(root: Hdf5Group, path: string): Hdf5Value {
  return path.split('/').reduce<Hdf5Value>((value, name) => (value as Hdf5Group).children[name]!, root);
}

describe.each(['earliest.h5', 'latest.h5'])('readHdf5 of %s, written by h5py', (name) => {
  let root: Hdf5Group;
  beforeAll(async () => {
    root = await readHdf5(fixture(name));
  });

  it.each(Object.keys(expected.hdf5))('reads the dataset %s', (key) => {
    const { kind, ...array } = at(root, `arrays/${key}`) as PlainArray & { kind: string };
    expect([kind, describeArray(array)]).toEqual(['numeric', expected.hdf5[key]]);
  });

  it.each(['gzip', 'shuffle', 'checksum'])('reads chunks behind the filter %s', (key) => {
    expect(describeArray(at(root, `filters/${key}`) as unknown as PlainArray)).toEqual(expected.compressed);
  });

  it('gives the fill value where nothing was written', () => {
    expect(at(root, 'filters/never-written')).toMatchObject({ shape: [4, 2], data: new Float32Array(8).fill(7) });
  });

  it('reads texts of varying and of fixed length', () => {
    const text = { kind: 'text', dtype: 'text' };
    expect(at(root, 'texts/variable')).toEqual({ ...text, shape: [3], data: ['Hand', 'größer', ''], attributes: {} });
    expect(at(root, 'texts/fixed')).toMatchObject({ ...text, shape: [2], data: ['abc', 'de'] });
    expect(at(root, 'texts/one')).toMatchObject({ ...text, shape: [], data: ['deep'] });
  });

  it('reads attributes of groups and datasets', () => {
    const { attributes } = at(root, 'arrays') as Hdf5Group;
    expect(attributes['unit']).toEqual({ kind: 'text', dtype: 'text', shape: [], data: ['metres'] });
    expect(attributes['scale']).toEqual({ kind: 'numeric', dtype: 'float32', shape: [], data: Float32Array.of(0.5) });
    expect(attributes['range']).toMatchObject({ dtype: 'int64', data: BigInt64Array.of(1n, 2n, 3n) });
    expect(attributes['names']).toMatchObject({ kind: 'text', data: ['a', 'bc'] });
    expect(attributes['flag']).toMatchObject({ dtype: 'bool', shape: [], data: Uint8Array.of(1) });
    expect(attributes['nothing']).toEqual({ kind: 'unsupported', className: 'nothing (a null dataspace)' });
    const f8 = at(root, 'arrays/f8') as { attributes: unknown };
    expect(f8.attributes).toMatchObject({ frame: { kind: 'text', data: ['camera'] } });
  });

  it('adds the dimensions of elements that are arrays', () => {
    expect(at(root, 'triples')).toMatchObject({ shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) });
  });

  it('names the targets of references and follows links inside the file only', () => {
    expect(at(root, 'refs')).toMatchObject({ kind: 'references', shape: [2], targets: ['/texts', '/arrays/f8'] });
    expect(at(root, 'links/soft')).toBe(at(root, 'arrays/f8'));
    expect(at(root, 'links/hard')).toBe(at(root, 'arrays/f4'));
    expect(at(root, 'links/broken')).toEqual({ kind: 'link', target: '/nowhere', file: undefined });
    expect(at(root, 'links/external')).toEqual({ kind: 'link', target: '/x', file: '/etc/passwd' });
  });

  it.each([
    ['compound', 'compound of id: int32, x: float64'],
    ['ragged', 'sequences of varying length of float32'],
    ['opaque', 'opaque bytes'],
    ['nothing', 'nothing (a null dataspace)'],
  ])('says what it does not read: %s', (key, className) => {
    expect(at(root, key)).toEqual({ kind: 'unsupported', className, attributes: {} });
  });
});

describe('readHdf5', () => {
  it('gives the same for a file behind a block of other content, and for an ArrayBuffer', async () => {
    const bytes = fixture('small.h5');
    const root = await readHdf5(bytes);
    expect(at(root, 'a')).toMatchObject({ shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => i) });
    expect(await readHdf5(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer)).toEqual(root); // prettier-ignore
    const mat = await readHdf5(fixture('matlab.mat'));
    expect(Object.keys(mat.children)).toEqual(expect.arrayContaining(['#refs#', 'double', 'struct']));
  });

  it('reads more than one slab at a time would hold, in the order of the file', async () => {
    const { ready, File } = await import('h5wasm');
    const library = await ready;
    const shape = [3, 2500, 1000]; // 30 MB
    const data = Int32Array.from({ length: 7_500_000 }, (_, i) => i);
    const file = new File('large.h5', 'w');
    file.create_dataset({ name: 'contiguous', data, shape });
    file.create_dataset({ name: 'chunked', data, shape, chunks: [2, 700, 300], compression: 1 });
    file.close();
    const { FS } = library as unknown as { FS: { readFile(path: string): Uint8Array; unlink(path: string): void } };
    const bytes = FS.readFile('large.h5');
    FS.unlink('large.h5');
    const root = await readHdf5(bytes);
    for (const name of ['contiguous', 'chunked']) {
      const dataset = at(root, name) as unknown as PlainArray;
      expect(dataset.shape).toEqual(shape);
      expect((dataset.data as Int32Array).every((value, i) => value === i)).toBe(true);
    }
  });

  it('leaves nothing in the library, and the files of others as they are', async () => {
    const { ready, File } = await import('h5wasm');
    const library = (await ready) as unknown as { FS: { readdir(path: string): string[]; streams: unknown[] } };
    const own = new File('own.h5', 'w');
    own.create_dataset({ name: 'x', data: [1, 2, 3] });
    const before = [library.FS.readdir('/').join(), library.FS.streams.filter(Boolean).length];
    await readHdf5(fixture('latest.h5'));
    const cut = fixture('latest.h5').fill(255, 600, 2000);
    await expect(readHdf5(cut)).rejects.toThrow(FileFormatError);
    expect([library.FS.readdir('/').join(), library.FS.streams.filter(Boolean).length]).toEqual(before);
    expect([...(own.get('x') as unknown as { value: Int32Array }).value]).toEqual([1, 2, 3]);
    own.close();
  });

  it('refuses a group that holds itself, and values beyond maxBytes', async () => {
    await expect(readHdf5(fixture('circle.h5'))).rejects.toThrow("readHdf5: the group '/a/again' holds itself.");
    await expect(readHdf5(fixture('small.h5'), { maxBytes: 40 })).rejects.toThrow(
      "readHdf5: '/a' takes 48 bytes, more than the 40 that are allowed; raise maxBytes.",
    );
  });

  it('refuses what is no HDF5 or is cut off, in one sentence', async () => {
    const bytes = fixture('small.h5');
    await expect(readHdf5(new Uint8Array(700))).rejects.toThrow(/does not hold the signature of HDF5 at byte 0, 512/);
    await expect(readHdf5(bytes.slice(0, 8))).rejects.toThrow(/the file is not HDF5, or it is damaged at its start\.$/);
    await expect(readHdf5(bytes.slice(0, -1))).rejects.toThrow(FileFormatError);
    expect([isHdf5(bytes), isHdf5(bytes.slice(1))]).toEqual([true, false]);
  });

  it('sees the checksum of a chunk', async () => {
    const bytes = fixture('latest.h5');
    const values = new Uint8Array(Int32Array.from(expected.compressed.data.slice(0, 16) as number[]).buffer);
    const start = Buffer.from(bytes).indexOf(Buffer.from(values)); // the chunks behind the filter `checksum` are plain
    expect(start).toBeGreaterThan(0);
    bytes[start]! ^= 1;
    await expect(readHdf5(bytes)).rejects.toThrow(/cannot read '\/filters\/checksum', the file is damaged/);
  });

  it('does not go round for ever in a damaged heap', async () => {
    const bytes = fixture('small.h5');
    const heap = Buffer.from(bytes).indexOf('GCOL');
    const isDamaged = (): boolean => holdsDamagedHeap(bytes, heap - 20, heap + 512, lengthBytesOf(bytes));
    expect(isDamaged()).toBe(false);
    const longer = bytes.slice();
    longer[heap + 9] = 0x18; // the heap ends behind its objects, among zeros
    await expect(readHdf5(longer)).rejects.toThrow(FileFormatError);
    bytes[heap + 16] = 0; // the first object becomes free space …
    bytes.fill(0, heap + 24, heap + 32); // … of size 0
    expect(isDamaged()).toBe(true);
    await expect(readHdf5(bytes)).rejects.toThrow(FileFormatError);
  });
});
