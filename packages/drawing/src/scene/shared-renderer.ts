import { createSceneRenderer } from './create-scene-renderer.js';
import type { SceneRenderer } from './types.js';

let shared: SceneRenderer | undefined;
let busy = false;

/** Runs with the renderer that calls without their own share; one that comes while another runs gets a new one. */
export function withSharedRenderer<T>(run: (renderer: SceneRenderer) => T): T {
  if (busy) return run(createSceneRenderer());
  shared ??= createSceneRenderer();
  busy = true;
  try {
    return run(shared);
  } finally {
    busy = false;
  }
}
