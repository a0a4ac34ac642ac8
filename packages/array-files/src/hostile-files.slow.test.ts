import { createRng } from '@opposable/tensor-checks';
import { FORMATS } from './test-support/formats.js';
import { fuzz } from './test-support/hostile-files.js';

describe.each(FORMATS)('a hostile $name file', ({ name, read, files }) => {
  it('gives a result or a FileFormatError in little time, 20,000 random mutants', () => {
    const { refused, slowest } = fuzz(read, files, 20_000, createRng(`hostile and many ${name}`));
    expect(refused).toBeGreaterThan(8_000);
    expect(slowest).toBeLessThan(2000);
  });
});
