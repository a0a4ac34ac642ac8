// Which tests run on the webgpu backend: many on a graphics card, some where the CPU stands in for one.

/** On a driver that computes on the CPU, many times slower than wasm: therefore these and no more. */
const SOME = [
  'webgpu-kernels/src/on-webgpu',
  'geometry/src/(rotations|axis-angle-to-matrix|cameras)',
  'skinning/src/(linear-blend-skinning|parametric-model)',
  'mano-layer/src/layer/(mano-layer|posed-normals)',
  'losses/src/(mask-loss|grid-sample|heatmap-losses|keypoint-2d-loss|keypoint-3d-loss|parameter-losses|gradient-control)',
  'hand-regressor/src/(decode-hand-parameters|heatmaps/upsample-bilinear)',
  'training/src/(fit/fit|optimizers/optimizers)',
];

/** On a graphics card all tests of these packages that compute on tensors of the backend. */
const ALL = [
  'webgpu-kernels/src/.*',
  'geometry/src/.*',
  'skinning/src/.*',
  'mano-layer/src/.*',
  'losses/src/.*',
  'hand-regressor/src/.*',
  'training/src/(fit|optimizers)/.*',
];
/** Of these packages, what cannot run here: it reads tensors at once, which Node cannot on webgpu, or sets up the kernels of wasm. */
const NOT_HERE = [
  'hand-regressor/src/(create-hand-regressor|layers/hand-window|torch/torch-weights)',
  'mano-layer/src/layer/mano-layer-options',
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

/**
 * The tests for an adapter.
 *
 * @param adapter `isSoftware`: it computes on the CPU
 * @returns `paths`: of files in packages/, without `.test.ts`, as regular expressions; `without`: those of them that are left out;
 *   `skipped`: parts of names of tests
 */
export function webGpuTests({ isSoftware }) {
  return {
    paths: isSoftware ? SOME : ALL,
    without: NOT_HERE,
    skipped: [...OTHERS, ...LESS_EXACT, ...(isSoftware ? LONG : [])],
  };
}

/** A path of {@link webGpuTests} as Jest takes it. */
export const patternOf = (path, without) => `packages/(?!${without.join('|')})${path}\\.test\\.ts$`;
