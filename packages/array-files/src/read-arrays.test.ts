import { ConfigError, FileFormatError } from '@opposable/tensor-checks';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArrays as readArraysOfPath } from './node/index.js';
import { detectFormat, readArrays } from './read-arrays.js';
import { writeSafetensors } from './safetensors/write-safetensors.js';
import { fixture } from './test-support/fixtures.js';

const safetensors = writeSafetensors({ a: { shape: [1], data: new Float32Array(1) } }, { made: 'by hand' });
const plain = new URL('./fixtures/plain.mat', import.meta.url);

describe('readArrays', () => {
  it.each([
    ['npy', 'f8.npy'],
    ['npz', 'deflated.npz'],
    ['npz', 'pickle/mixed.npz'],
    ['npy', 'pickle/objects.npy'],
    ['torch', 'torch/zip.pth'],
    ['torch', 'torch/legacy.pth'],
    ['mat', 'plain.mat'],
    ['mat', 'handmade-big.mat'],
    ...[0, 1, 2, 3, 4, 5].map((protocol) => ['pickle', `pickle/protocol${protocol}.pkl`] as const),
  ] as const)('sees that a file is %s by its bytes: %s', async (format, name) => {
    expect(detectFormat(fixture(name))).toBe(format);
    const file = await readArrays(fixture(name));
    expect(file.format).toBe(format);
    expect(file.contents).toBeDefined();
  });

  it('gives the metadata of safetensors beside its tensors', async () => {
    expect(await readArrays(safetensors)).toEqual({
      format: 'safetensors',
      contents: { a: { dtype: 'float32', shape: [1], data: new Float32Array(1) } },
      metadata: { made: 'by hand' },
    });
  });

  it.each([
    ['an empty file', new Uint8Array(), /the file is empty; accepted are/],
    [
      'a picture',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
      /starts with the bytes 89 50 4e 47 0d 0a 1a 0a/,
    ],
    ['text', new TextEncoder().encode('(hello there'), /no known format/],
  ])('refuses %s in one sentence', async (_, bytes, message) => {
    expect(detectFormat(bytes)).toBeUndefined();
    await expect(readArrays(bytes)).rejects.toThrow(FileFormatError);
    await expect(readArrays(bytes)).rejects.toThrow(message);
  });
});

describe('readArrays of @opposable/array-files/node', () => {
  it('reads a path, a URL and bytes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'arrays-'));
    const path = join(folder, 'weights.bin');
    await writeFile(path, safetensors);
    expect((await readArraysOfPath(path)).format).toBe('safetensors');
    expect((await readArraysOfPath(safetensors)).format).toBe('safetensors');
    expect((await readArraysOfPath(plain)).format).toBe('mat');
    await expect(readArraysOfPath(join(folder, 'missing'))).rejects.toThrow(ConfigError);
    await expect(readArraysOfPath(join(folder, 'missing'))).rejects.toThrow(
      /expected a file at .*missing, there is none\./,
    );
    await expect(readArraysOfPath(folder)).rejects.toThrow(/it is a folder/);
    await rm(folder, { recursive: true });
  });
});
