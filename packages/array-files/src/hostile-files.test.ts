import { createRng, FileFormatError } from '@opposable/tensor-checks';
import { FORMATS } from './test-support/formats.js';
import { greedyFiles } from './test-support/greedy-files.js';
import { fuzz, peakMemory, survives } from './test-support/hostile-files.js';

// the many errors of these tests are looked at for their messages alone
Error.stackTraceLimit = 0;

/** What a garbage collector may leave lying about. */
const SLACK_BYTES = 64 << 20;

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

describe('a greedy file', () => {
  it.each(greedyFiles())('$name takes little memory and time', async ({ read, bytes, message, multiple }) => {
    const start = performance.now();
    let error: unknown;
    const peak = await peakMemory(() => {
      try {
        read(bytes);
      } catch (caught) {
        error = caught;
      }
    });
    expect(performance.now() - start).toBeLessThan(10_000);
    if (message === undefined) expect(error).toBeUndefined();
    else {
      expect(error).toBeInstanceOf(FileFormatError);
      expect((error as FileFormatError).message).toMatch(message);
    }
    if (peak !== undefined) expect(peak).toBeLessThan(multiple * bytes.length + SLACK_BYTES);
  });
});
