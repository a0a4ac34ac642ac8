import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs tests of this package in a process of its own, on the kernels with fused multiply-add. */
function underRelaxedSimd(pattern: string): { status: number | null; output: string } {
  const { OPPOSABLE_SLOW_TESTS: _slow, ...env } = process.env;
  const options = { NODE_OPTIONS: '--experimental-vm-modules', OPPOSABLE_TEST_RELAXED_SIMD: '1' };
  const { status, stderr } = spawnSync(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--config', 'jest.config.mjs', pattern],
    { encoding: 'utf8', cwd: root, env: { ...env, ...options } },
  );
  return { status, output: stderr };
}

// Browsers and later versions of Node.js take this variant; its tiles have six rows, those of the other five.
it('every test of this package passes on the variant with relaxed SIMD', () => {
  const { status, output } = underRelaxedSimd('packages/wasm-training/src/');
  expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
  expect(output).toMatch(/Tests: +\d{3} passed, \d{3} total/);
});
