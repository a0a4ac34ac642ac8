import { createSceneRenderer } from '../scene/create-scene-renderer.js';
import type { SceneRenderer } from '../scene/types.js';

/** Working memory that many calls of `renderMesh` can share, one at a time: a renderer. */
export type RenderBuffers = SceneRenderer;

/** Working memory for `renderMesh`. */
export const createRenderBuffers = (): RenderBuffers => createSceneRenderer();
