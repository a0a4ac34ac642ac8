import { createSceneRenderer } from '../scene/create-scene-renderer.js';
import type { SceneRenderer } from '../scene/types.js';

/** Working memory that many calls of `renderMesh` can share, one at a time: a renderer. */
export type RenderBuffers = SceneRenderer;

/** Working memory for `renderMesh`. */
export const createRenderBuffers = (): RenderBuffers => createSceneRenderer();

let shared: RenderBuffers | undefined;
let busy = false;

/** Runs with working memory that calls without their own share; one that comes while another runs gets new memory. */
export function withSharedBuffers<T>(run: (buffers: RenderBuffers) => T): T {
  if (busy) return run(createRenderBuffers());
  shared ??= createRenderBuffers();
  busy = true;
  try {
    return run(shared);
  } finally {
    busy = false;
  }
}
