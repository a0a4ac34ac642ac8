// The tests of the tensor packages on the webgpu backend: `npm run test:webgpu`, `-- skinning` for one package.
// Without a graphics card they run on SwiftShader, many times slower than wasm: therefore these and no more.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findWebGpu } from './find-webgpu.mjs';

const TESTS = [
  'webgpu-kernels/src/on-webgpu',
  'geometry/src/(rotations|axis-angle-to-matrix|cameras)',
  'skinning/src/(linear-blend-skinning|parametric-model)',
  'mano-layer/src/layer/(mano-layer|posed-normals)',
  'losses/src/(mask-loss|grid-sample|heatmap-losses|keypoint-2d-loss|keypoint-3d-loss|parameter-losses|gradient-control)',
  'hand-regressor/src/(decode-hand-parameters|heatmaps/upsample-bilinear)',
  'training/src/(fit/fit|optimizers/optimizers)',
];

/** Tests of other backends: of cpu, of the kernels that wasm-training adds to wasm, and to 1e-6 of operations without those. */
const OTHERS = ['\\bcpu\\b', 'fused kernels', 'training kernels', 'fused updates', 'composed'];
/** Tests to 1e-6 of functions that take `sin`, `cos` and `acos` from the driver: docs/webgpu.md says how far they are off. */
const LESS_EXACT = [
  'return from matrices to axis-angle vectors',
  'the gradient through axisAngleToMatrix and back',
  'axisAngleToMatrix on \\w+ (equals float64 code|has the gradient of central differences)',
  'decodeHandParameters on \\w+ (agrees with the decode|passes gradients)',
  'rotationLoss (is a sixth|takes vectors)',
];
/** Half a minute and more of processor time each where there is no graphics card. */
const LONG = ['over 50 iterations'];

const wanted = process.argv.slice(2);
const unknown = wanted.find((word) => !TESTS.some((path) => path.includes(word)));
if (unknown !== undefined) {
  process.stderr.write(`test:webgpu: expected a part of ${TESTS.join(', ')}, got ${unknown}.\n`);
  process.exit(2);
}
const tests = TESTS.filter((path) => wanted.length === 0 || wanted.some((word) => path.includes(word)));

const found = await findWebGpu();
if (found === undefined) {
  process.stdout.write(
    'test:webgpu: skipped, there is neither a graphics card nor SwiftShader (of the package chromium).\n',
  );
  process.exit(0);
}
process.stdout.write(`test:webgpu: on ${found.what}.\n`);
const skipped = [...OTHERS, ...LESS_EXACT, ...(found.isSoftware ? LONG : [])];
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
      ...tests.map((path) => `packages/${path}\\.test\\.ts$`),
    ],
  ],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...found.env, OPPOSABLE_TEST_BACKEND: 'webgpu' },
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
