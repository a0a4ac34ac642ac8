import { availableParallelism } from 'node:os';

export default {
  projects: ['<rootDir>/packages/*', '<rootDir>/apps/*', '<rootDir>/tools'],
  // Of a test that hangs, not of one that is slow: on a loaded machine threads alone take seconds to start.
  testTimeout: 60_000,
  // Jest leaves one core free: of two, half of the speed (32 minutes for all tests, and 17 with both).
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testSequencer: '<rootDir>/tools/jest-sequencer.mjs',
  // Modules of a file that has ended are not all given back: where a worker has grown past this, a new one takes its place.
  workerIdleMemoryLimit: '1500MB',
};
