/** Set by `npm run test:slow`: the slow tests and only those. */
const slow = process.env.OPPOSABLE_SLOW_TESTS === '1';

/** Shared by every package: native ES modules, sources instead of builds. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@opposable/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  testMatch: [slow ? '**/src/**/*.slow.test.ts' : '**/src/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...(slow ? [] : ['\\.slow\\.test\\.ts$'])],
};
