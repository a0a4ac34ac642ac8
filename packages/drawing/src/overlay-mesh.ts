import { blend } from './blend.js';
import { renderMesh, type RenderMeshOptions } from './mesh/render-mesh.js';
import type { Mesh } from './mesh/types.js';
import type { Camera, RgbImage } from './types.js';

export interface OverlayMeshOptions extends Omit<RenderMeshOptions, 'width' | 'height' | 'background'> {
  /** 0 … 1. Default 0.8. */
  readonly opacity?: number | undefined;
}

/**
 * A new image with a mesh drawn over a photo, anti-aliased with 2 × 2 samples unless told otherwise.
 *
 * @param mesh vertices in the camera frame
 * @param camera in the pixels of the image
 * @throws as {@link renderMesh}
 */
export function overlayMesh(image: RgbImage, mesh: Mesh, camera: Camera, options: OverlayMeshOptions = {}): RgbImage {
  const { opacity = 0.8, antialias = 2, ...rest } = options;
  const { width, height } = image;
  const { color } = renderMesh(mesh, camera, { ...rest, antialias, width, height, background: image });
  return blend(image, color, opacity);
}
