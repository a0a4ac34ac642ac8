import { fileURLToPath } from 'node:url';
import { FAST_GLOBALS } from './tools/fast-globals.mjs';

/** Set by `npm run test:slow`: the slow tests and only those. */
const slow = process.env.OPPOSABLE_SLOW_TESTS === '1';

const tool = (name) => fileURLToPath(new URL(`./tools/${name}.mjs`, import.meta.url));

/** Shared by every package: native ES modules, sources instead of builds. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@opposable/source', 'node', 'node-addons'] },
  transform: {
    'tf-core\\.node\\.js$': tool('jest-transform-scripts'),
    '^.+\\.ts$': [
      tool('jest-transform'),
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@tensorflow/tfjs-core/dist/tf-core\\.node\\.js$)'],
  sandboxInjectedGlobals: FAST_GLOBALS.filter((name) => name !== 'NaN'), // tools/fast-globals.mjs says why
  testMatch: [slow ? '**/src/**/*.slow.test.ts' : '**/src/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...(slow ? [] : ['\\.slow\\.test\\.ts$'])],
};
