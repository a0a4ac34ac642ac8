export default {
  projects: ['<rootDir>/packages/*', '<rootDir>/apps/*', '<rootDir>/tools'],
  // Of a test that hangs, not of one that is slow: on a loaded machine threads alone take seconds to start.
  testTimeout: 60_000,
};
