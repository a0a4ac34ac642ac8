import type { SceneLight } from '../scene/types.js';
import type { Camera, Color, GrayImage, RgbImage } from '../types.js';
import { withSharedRenderer } from '../scene/shared-renderer.js';
import type { RenderBuffers } from './render-buffers.js';
import type { Intensity, Mesh } from './types.js';

export interface RenderMeshOptions {
  /** Size of the result in pixels. */
  readonly width: number;
  readonly height: number;
  /** What lies behind: one colour (0 … 255) or an image of the same size. Default black. */
  readonly background?: RgbImage | Color | undefined;
  /** Default one white light from the upper left behind the viewer. */
  readonly lights?: readonly SceneLight[] | undefined;
  /** Light from everywhere. Default 0.35. */
  readonly ambient?: Intensity | undefined;
  /** 'none' shows the colours of the vertices as they are. Default 'smooth': Lambert, lit per pixel. */
  readonly shading?: 'smooth' | 'none' | undefined;
  /** Which faces are left out: those that show their inner side ('back') or their outer side ('front'). Default 'none'. */
  readonly culling?: 'none' | 'back' | 'front' | undefined;
  /** Samples per pixel and axis, 1 … 8. Default 1: one sample, at the pixel centre. */
  readonly antialias?: number | undefined;
  /** With perspective, what is nearer than this is cut away, in the unit of the vertices. Default 0.001. */
  readonly near?: number | undefined;
  /** Working memory to reuse (`createRenderBuffers`). */
  readonly buffers?: RenderBuffers | undefined;
}

/** Default options of {@link renderMesh}. */
export const RENDER_MESH_DEFAULTS = {
  background: [0, 0, 0],
  lights: [{ kind: 'directional', direction: [0.4, 0.5, 1], intensity: 0.75 }],
  ambient: 0.35,
  shading: 'smooth',
  culling: 'none',
  antialias: 1,
  near: 1e-3,
} as const satisfies Omit<RenderMeshOptions, 'width' | 'height' | 'buffers'>;

/** What {@link renderMesh} gives, all row-major with one entry per pixel. */
export interface RenderedMesh {
  readonly color: RgbImage;
  /** [height · width] z of the surface, Infinity where empty; with anti-aliasing the nearest sample */
  readonly depth: Float32Array;
  /** 255 on the mesh, 0 elsewhere; with anti-aliasing the covered part of the pixel */
  readonly mask: GrayImage;
  /** [height · width] the corner of the visible face that has the largest barycentric coordinate, −1 where empty */
  readonly vertexIds: Int32Array;
  /** [height · width] the visible face, −1 where empty */
  readonly faceIds: Int32Array;
}

/**
 * Draws a triangle mesh: colour, depth, mask, and the face and vertex seen at each pixel.
 *
 * Each face owns the samples whose centre lies inside it or on its left or top edges, so a closed surface has neither
 * holes nor samples drawn twice; depth, colour and vertex follow perspective; faces without area are skipped; of equal
 * depths the first face stays. Colours are lit, interpolated and averaged in linear light. The same input gives the
 * same bytes.
 *
 * @param mesh vertices in the camera frame (x right, y down, z away), any unit of length
 * @param camera weak perspective (`u = t + s·x`, everything is in front of the viewer) or perspective
 * @throws ShapeError if a length, an index or the size of the background does not fit
 * @throws ConfigError if a number is not finite or an option is out of range
 *
 * @example
 * const triangle = { vertices: [0, 0, 1, 4, 0, 1, 0, 4, 1], faces: [0, 2, 1] };
 * const camera = { kind: 'weak-perspective', scale: 1, translation: [0, 0] } as const;
 * renderMesh(triangle, camera, { width: 8, height: 8 }).faceIds[0]; // → 0
 */
export function renderMesh(mesh: Mesh, camera: Camera, options: RenderMeshOptions): RenderedMesh {
  const { culling, lights, ambient, buffers, ...rest } = options;
  const draw = (renderer: RenderBuffers): RenderedMesh => {
    const { color, depth, mask, vertices, faces } = renderer.render(
      { meshes: [{ ...mesh, culling }], lights, ambient },
      camera,
      { ...rest, operation: 'renderMesh', outputs: ['color', 'depth', 'mask', 'vertices', 'faces'] },
    );
    return { color, depth, mask, vertexIds: vertices, faceIds: faces };
  };
  return buffers === undefined ? withSharedRenderer(draw) : draw(buffers);
}
