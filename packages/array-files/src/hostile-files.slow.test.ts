import { createRng } from '@opposable/tensor-checks';
import { FORMATS } from './test-support/formats.js';
import { fuzz, peakMemory } from './test-support/hostile-files.js';

describe.each(FORMATS)('a hostile $name file', ({ name, read, files, mutants = [500, 20_000] }) => {
  it(`gives a whole result or a FileFormatError in little time and memory, ${mutants[1]} random mutants`, async () => {
    let found = { refused: 0, slowest: 0 };
    const peak = await peakMemory(async () => {
      found = await fuzz(read, files, mutants[1], createRng(`hostile and many ${name}`));
    });
    expect(found.refused).toBeGreaterThan(0.4 * mutants[1]);
    expect(found.slowest).toBeLessThan(2000);
    if (peak !== undefined) expect(peak).toBeLessThan(256 << 20);
  }, 600_000);
});
