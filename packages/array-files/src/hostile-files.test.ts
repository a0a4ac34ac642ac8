import { createRng } from '@opposable/tensor-checks';
import { FORMATS } from './test-support/formats.js';
import { fuzz, survives } from './test-support/hostile-files.js';

describe.each(FORMATS)('a hostile $name file', ({ name, read, files }) => {
  it('is refused with one sentence wherever it is cut off', () => {
    for (const file of files) {
      let accepted = 0;
      for (let length = 0; length < file.length; length++) if (survives(read, file.slice(0, length))) accepted++;
      // a MAT file has no length of its own: cut between two variables it is a shorter MAT file
      if (name === 'mat') expect(accepted).toBeLessThan(40);
      else expect(accepted).toBe(0);
    }
  });

  it('gives a result or a FileFormatError in little time, 500 random mutants', () => {
    const { refused, slowest } = fuzz(read, files, 500, createRng(`hostile ${name}`));
    expect(refused).toBeGreaterThan(200);
    expect(slowest).toBeLessThan(1000);
  });
});
