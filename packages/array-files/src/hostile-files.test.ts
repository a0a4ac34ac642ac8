import { createRng } from '@opposable/tensor-checks';
import { FORMATS } from './test-support/formats.js';
import { fuzz, survives } from './test-support/hostile-files.js';

// the many errors of these tests are looked at for their messages alone
Error.stackTraceLimit = 0;

describe.each(FORMATS.filter(({ isCutElsewhere }) => isCutElsewhere !== true))(
  'a $name file',
  ({ read, files, wholeWhenCut = 0 }) => {
    it('is refused with one sentence wherever it is cut off', async () => {
      for (const file of files) {
        let accepted = 0;
        for (let length = 0; length < file.length; length++) {
          if (await survives(read, file.slice(0, length))) accepted++;
        }
        expect(accepted).toBeLessThanOrEqual(wholeWhenCut);
      }
    });
  },
);

describe.each(FORMATS)('a hostile $name file', ({ name, read, files, mutants = [500, 20_000] }) => {
  it(`gives a whole result or a FileFormatError in little time, ${mutants[0]} random mutants`, async () => {
    const { refused, slowest } = await fuzz(read, files, mutants[0], createRng(`hostile ${name}`));
    expect(refused).toBeGreaterThan(0.4 * mutants[0]);
    expect(slowest).toBeLessThan(2000);
  });
});
