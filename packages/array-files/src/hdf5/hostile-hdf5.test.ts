import { createRng } from '@opposable/tensor-checks';
import { ready } from 'h5wasm';
import { survives } from '../test-support/hostile-files.js';
import { fuzzHdf5, HDF5_FORMATS } from '../test-support/hostile-hdf5.js';

describe.each(HDF5_FORMATS)('a hostile $name file', ({ name, read, files }) => {
  it('is refused with one sentence where it is cut off', async () => {
    const file = files.at(-1)!;
    for (let length = 0; length < file.length; length += length < 1024 ? 16 : 160) {
      expect(await survives(read, file.slice(0, length))).toBe(false);
    }
  }, 60_000);

  it('gives a result or a FileFormatError in little time and memory, 500 random mutants', async () => {
    const before = (await ready).HEAPU8.length;
    const { refused, slowest } = await fuzzHdf5(read, files, 500, createRng(`hostile ${name}`));
    expect(refused).toBeGreaterThan(200);
    expect(slowest).toBeLessThan(4000);
    expect((await ready).HEAPU8.length - before).toBeLessThan(100e6);
  }, 60_000);
});
