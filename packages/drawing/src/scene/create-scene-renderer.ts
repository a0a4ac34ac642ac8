import { ConfigError } from '@opposable/tensor-checks';
import { BYTE_OF_LINEAR, LINEAR_OF_BYTE } from '../srgb.js';
import type { Camera } from '../types.js';
import { renderScene } from './render-scene.js';
import type { RenderSceneOptions, Scene, SceneOutput, SceneOutputs, SceneRenderer } from './types.js';
import { typescriptKernels } from './typescript-kernels.js';
import { createWasmKernels } from './wasm-kernels.js';
import { plainMemory, Workspace } from './workspace.js';

export interface SceneRendererOptions {
  /**
   * 'auto' takes WebAssembly with SIMD where the engine has it and lets it be compiled at once, else TypeScript. Both give the same
   * bytes, so the choice changes speed alone. Default 'auto'.
   */
  readonly kernels?: 'auto' | 'wasm' | 'typescript' | undefined;
}

/**
 * A renderer of scenes with memory of its own, which grows as needed and is reused. One render at a time; workers have one each.
 *
 * @throws ConfigError if 'wasm' is asked for where there is none
 *
 * @example
 * const renderer = createSceneRenderer();
 * const scene = { meshes: [{ vertices: [0, 0, 1, 4, 0, 1, 0, 4, 1], faces: [0, 2, 1] }] };
 * const camera = { kind: 'weak-perspective', scale: 1, translation: [0, 0] } as const;
 * renderer.render(scene, camera, { width: 8, height: 8, outputs: ['objects'] }).objects[0]; // → 0
 */
export function createSceneRenderer({ kernels = 'auto' }: SceneRendererOptions = {}): SceneRenderer {
  if (!['auto', 'wasm', 'typescript'].includes(kernels)) {
    throw new ConfigError(`createSceneRenderer: expected kernels as auto, wasm or typescript, got ${kernels}.`, {
      expected: ['auto', 'wasm', 'typescript'],
      actual: kernels,
    });
  }
  const native = kernels === 'typescript' ? undefined : createWasmKernels();
  if (kernels === 'wasm' && native === undefined) {
    throw new ConfigError(
      'createSceneRenderer: expected an engine with WebAssembly SIMD for kernels wasm, found none.',
      {
        expected: 'WebAssembly SIMD',
        actual: undefined,
      },
    );
  }
  const inner = native?.kernels ?? typescriptKernels;
  const workspace = new Workspace(native?.memory ?? plainMemory());
  const { linearOfByte, byteOfLinear } = workspace.reserve({
    linearOfByte: LINEAR_OF_BYTE.length,
    byteOfLinear: BYTE_OF_LINEAR.length,
  });
  linearOfByte.set(LINEAR_OF_BYTE);
  byteOfLinear.set(BYTE_OF_LINEAR);
  return {
    kernels: inner.name,
    render<const O extends SceneOutput = 'color' | 'mask' | 'depth'>(
      scene: Scene,
      camera: Camera,
      options: RenderSceneOptions<O>,
    ) {
      return renderScene(workspace, inner, scene, camera, options) as Pick<SceneOutputs, O>;
    },
  };
}
