import { createRng } from '@opposable/tensor-checks';
import { ready } from 'h5wasm';
import { survives } from './hostile-files.js';
import { fuzzHdf5, HDF5_FORMATS } from './hostile-hdf5.js';

/** The slow tests of one of `HDF5_FORMATS`: a file each, so that they run side by side. */
export function describeManyMutants(name: string): void {
  describe(`a hostile ${name} file`, () => {
    const { read, files } = HDF5_FORMATS.find((format) => format.name === name)!;

    it('is refused with one sentence wherever it is cut off, at every byte', async () => {
      const file = files.at(-1)!;
      for (let length = 0; length < file.length; length++) {
        expect(await survives(read, file.slice(0, length))).toBe(false);
      }
    }, 300_000);

    it('gives a result or a FileFormatError in little time and memory, 20,000 random mutants', async () => {
      const before = (await ready).HEAPU8.length;
      const { refused, slowest } = await fuzzHdf5(read, files, 20_000, createRng(`hostile and many ${name}`));
      expect(refused).toBeGreaterThan(8_000);
      expect(slowest).toBeLessThan(4000);
      expect((await ready).HEAPU8.length - before).toBeLessThan(100e6);
    }, 900_000);
  });
}
