// The tests of the tensor packages on the webgpu backend: `npm run test:webgpu`, `-- skinning` for one package.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findWebGpu } from './find-webgpu.mjs';
import { patternOf, webGpuTests } from './webgpu-tests.mjs';

const wanted = process.argv.slice(2);
const found = await findWebGpu();
if (found === undefined) {
  process.stdout.write(
    'test:webgpu: skipped, there is neither a graphics card nor SwiftShader (of the package chromium).\n',
  );
  process.exit(0);
}
process.stdout.write(`test:webgpu: on ${found.what}.\n`);
const { paths, without, skipped } = webGpuTests(found);
const chosen = paths.filter((path) => wanted.length === 0 || wanted.some((word) => path.includes(word)));
const unknown = wanted.find((word) => !paths.some((path) => path.includes(word)));
if (unknown !== undefined) {
  process.stderr.write(`test:webgpu: expected a part of ${paths.join(', ')}, got ${unknown}.\n`);
  process.exit(2);
}
const { status } = spawnSync(
  process.execPath,
  [
    ...['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--config', 'jest.config.mjs'],
    ...[
      '--testTimeout',
      '600000',
      '--testNamePattern',
      `^(?!.*(${skipped.join('|')}))`,
      '--testPathPatterns',
      ...chosen.map((path) => patternOf(path, without)),
    ],
  ],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...found.env, OPPOSABLE_TEST_BACKEND: 'webgpu' },
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
