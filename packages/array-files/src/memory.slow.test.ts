import { expectBounded, measureMemory } from './test-support/describe-memory.js';
import { greedyFiles } from './test-support/greedy-files.js';

describe('the memory that a hostile file of four mebibytes takes', () => {
  const files = greedyFiles(1 << 22);
  const readings = measureMemory(files);
  it.each(files.map((file, i) => ({ name: file.name, file, reading: readings[i]! })))(
    '$name takes no more than 16 times its bytes and 32 MiB',
    ({ file, reading }) => expectBounded(file, reading),
  );
});
