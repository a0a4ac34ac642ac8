import { FileFormatError } from '@opposable/tensor-checks';
import { zipSync, unzipSync } from 'fflate';
import { type Description, describeValue } from '../test-support/describe-value.js';
import { fixture, fixtureJson } from '../test-support/fixtures.js';
import type { PickleValue, PlainArray } from '../types.js';
import { parseTorchCheckpoint, readTorchCheckpoint } from './read-torch-checkpoint.js';

type Dict = Record<string, PickleValue>;
const expected = fixtureJson('torch/expected.json') as { dict: [string, Description][] };

describe.each(['zip.pth', 'legacy.pth'])('readTorchCheckpoint of %s', (file) => {
  const checkpoint = parseTorchCheckpoint(fixture(`torch/${file}`)) as Dict;

  it.each(expected.dict)('reads %s as PyTorch wrote it', (name, description) => {
    expect(describeValue(checkpoint[name]!)).toEqual(description);
  });

  it('leaves the prefix of data-parallel names alone, in the order of the file', () => {
    expect(Object.keys(checkpoint['state_dict']!)[0]).toBe('module.0.weight');
  });

  it('makes views of one storage arrays of their own memory', () => {
    const [base, rows] = [checkpoint['base'] as PlainArray, checkpoint['rows'] as PlainArray];
    expect(rows.data.buffer).not.toBe(base.data.buffer);
    expect([...(rows.data as Float32Array)]).toEqual(Array.from({ length: 12 }, (_, i) => i + 6));
  });
});

describe('readTorchCheckpoint', () => {
  it.each([
    ['refused-sparse.pth', /torch\._utils\._rebuild_sparse_tensor, which is refused.*dense tensors.*at byte \d+/],
    ['refused-quantized.pth', /torch\.\w+, which is refused|torch\._utils\._rebuild_qtensor, which is refused/],
    ['refused-module.pth', /torch\.nn\.modules\.linear\.Linear, which is refused/],
  ])('refuses %s by name', async (file, message) => {
    await expect(readTorchCheckpoint(fixture(`torch/${file}`))).rejects.toThrow(FileFormatError);
    await expect(readTorchCheckpoint(fixture(`torch/${file}`))).rejects.toThrow(message);
  });

  it('reads an archive that has been packed again with deflate', () => {
    const again = zipSync(unzipSync(fixture('torch/small-zip.pth')), { level: 9 });
    expect(parseTorchCheckpoint(again)).toEqual(parseTorchCheckpoint(fixture('torch/small-zip.pth')));
  });

  it('reads a big-endian archive by its byteorder', () => {
    const files = unzipSync(fixture('torch/small-zip.pth'));
    for (const [name, bytes] of Object.entries(files)) {
      if (!name.includes('/data/')) continue;
      const word = name.endsWith('/0') ? 4 : 2;
      for (let at = 0; at < bytes.length; at += word) bytes.subarray(at, at + word).reverse();
    }
    const big = zipSync({ ...files, 'small-zip/byteorder': new TextEncoder().encode('big') }, { level: 0 });
    expect(parseTorchCheckpoint(big)).toEqual(parseTorchCheckpoint(fixture('torch/small-zip.pth')));
  });

  it('refuses an archive without data, a storage that is too short, and a file that is neither', () => {
    const files = unzipSync(fixture('torch/small-zip.pth'));
    const without = Object.fromEntries(Object.entries(files).filter(([name]) => !name.endsWith('data/0')));
    expect(() => parseTorchCheckpoint(zipSync(without))).toThrow(/storage "0" has no data in the file/);
    const short = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, name.endsWith('data/0') ? bytes.slice(4) : bytes]),
    );
    expect(() => parseTorchCheckpoint(zipSync(short))).toThrow(
      /storage "0" is declared 96 bytes long, the file has 92/,
    );
    expect(() => parseTorchCheckpoint(zipSync({ 'a.txt': new Uint8Array(1) }))).toThrow(/0 entries data\.pkl/);
    expect(() => parseTorchCheckpoint(Uint8Array.of(0x80, 2, 0x4b, 1, 0x2e))).toThrow(/not the magic number/);
  });
});
