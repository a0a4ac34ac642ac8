import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import { assertChannels, assertFinite, assertImageSize } from '../image-checks.js';
import type { Camera, Color, GrayImage, RgbImage } from '../types.js';
import { clipTriangle } from './clip-triangle.js';
import { lightVertices } from './light-vertices.js';
import { projectToSamples, sampleProjection, type SampleProjection } from './project-to-samples.js';
import { rasterizeTriangle, type RasterTarget } from './rasterize-triangle.js';
import { createRenderBuffers, fillRenderBuffers, type RenderBuffers, SCREEN_STRIDE } from './render-buffers.js';
import { resolveSamples } from './resolve-samples.js';
import type { Intensity, Light, Mesh } from './types.js';
import { vertexNormals } from './vertex-normals.js';

export interface RenderMeshOptions {
  /** Size of the result in pixels. */
  readonly width: number;
  readonly height: number;
  /** What lies behind: one colour (0 … 255) or an image of the same size. Default black. */
  readonly background?: RgbImage | Color | undefined;
  /** Default one white light from the upper left behind the viewer. */
  readonly lights?: readonly Light[] | undefined;
  /** Light from everywhere. Default 0.35. */
  readonly ambient?: Intensity | undefined;
  /** 'none' shows the colours of the vertices as they are. Default 'smooth': Lambert, lit per vertex. */
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

/** Largest number of samples along one side. */
const MAX_SAMPLES = 8192;

function checkArguments(mesh: Mesh, camera: Camera, options: RenderMeshOptions, antialias: number): void {
  const { width, height, background } = options;
  assertImageSize(width, height, 'renderMesh');
  if (
    !Number.isInteger(antialias) ||
    antialias < 1 ||
    antialias > 8 ||
    Math.max(width, height) * antialias > MAX_SAMPLES
  ) {
    throw new ConfigError(
      `renderMesh: expected antialias as an integer in 1 … 8 with at most ${MAX_SAMPLES} samples along a side, got ${antialias} at ${width} × ${height}.`,
      { expected: { antialias: '1 … 8', samples: MAX_SAMPLES }, actual: { antialias, width, height } },
    );
  }
  for (const [name, values] of Object.entries({ vertices: mesh.vertices, faces: mesh.faces })) {
    if (values.length % 3 !== 0) {
      throw new ShapeError(`renderMesh: expected ${name} as flat [N, 3], got ${values.length} numbers.`, {
        expected: 'a multiple of 3',
        actual: values.length,
      });
    }
  }
  for (const [name, values] of Object.entries({ colors: mesh.colors, normals: mesh.normals })) {
    if (values !== undefined && values.length !== mesh.vertices.length) {
      throw new ShapeError(
        `renderMesh: expected ${name} with ${mesh.vertices.length} numbers like the vertices, got ${values.length}.`,
        { expected: mesh.vertices.length, actual: values.length },
      );
    }
  }
  assertFinite(mesh.vertices, 'renderMesh', 'vertices');
  if (mesh.colors !== undefined) assertFinite(mesh.colors, 'renderMesh', 'colors');
  if (mesh.normals !== undefined) assertFinite(mesh.normals, 'renderMesh', 'normals');
  const count = mesh.vertices.length / 3;
  for (let i = 0; i < mesh.faces.length; i++) {
    const vertex = mesh.faces[i]!;
    if (!(Number.isInteger(vertex) && vertex >= 0 && vertex < count)) {
      throw new ShapeError(`renderMesh: expected faces to name vertices 0 … ${count - 1}, got ${vertex}.`, {
        expected: [0, count - 1],
        actual: vertex,
      });
    }
  }
  if (camera.kind === 'perspective') {
    if (camera.intrinsics.length !== 9) {
      throw new ShapeError(`renderMesh: expected intrinsics of 9 numbers, got ${camera.intrinsics.length}.`, {
        expected: 9,
        actual: camera.intrinsics.length,
      });
    }
    assertFinite(camera.intrinsics, 'renderMesh', 'intrinsics');
  } else assertFinite([camera.scale, ...camera.translation], 'renderMesh', 'the camera');
  const near = options.near ?? RENDER_MESH_DEFAULTS.near;
  if (!(near > 0 && near < Infinity)) {
    throw new ConfigError(`renderMesh: expected near as a positive number, got ${near}.`, {
      expected: 'a positive number',
      actual: near,
    });
  }
  if (background !== undefined && 'data' in background) {
    assertChannels(background, 3, 'renderMesh', 'background');
    if (background.width !== width || background.height !== height) {
      throw new ShapeError(
        `renderMesh: expected a background of ${width} × ${height} pixels, got ${background.width} × ${background.height}.`,
        { expected: [width, height], actual: [background.width, background.height] },
      );
    }
  }
}

function rasterizeFaces(buffers: RenderBuffers, projection: SampleProjection, target: RasterTarget): void {
  const { faces, screen, outside, vertices } = buffers;
  const corners = new Float64Array(9);
  for (let f = 0; f < faces.length; f += 3) {
    const a = faces[f]!;
    const b = faces[f + 1]!;
    const c = faces[f + 2]!;
    if (outside[a]! + outside[b]! + outside[c]! === 0) {
      rasterizeTriangle(target, screen, a * SCREEN_STRIDE, b * SCREEN_STRIDE, c * SCREEN_STRIDE, f / 3);
    } else {
      for (let k = 0; k < 9; k++) corners[k] = vertices[faces[f + Math.trunc(k / 3)]! * 3 + (k % 3)]!;
      const polygon = clipTriangle(corners, projection);
      for (let p = 2 * SCREEN_STRIDE; p < polygon.length; p += SCREEN_STRIDE) {
        rasterizeTriangle(target, polygon, 0, p - SCREEN_STRIDE, p, f / 3);
      }
    }
  }
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
  const { width, height } = options;
  const settings = {
    background: options.background ?? RENDER_MESH_DEFAULTS.background,
    lights: options.lights ?? RENDER_MESH_DEFAULTS.lights,
    ambient: options.ambient ?? RENDER_MESH_DEFAULTS.ambient,
    shading: options.shading ?? RENDER_MESH_DEFAULTS.shading,
    culling: options.culling ?? RENDER_MESH_DEFAULTS.culling,
    antialias: options.antialias ?? RENDER_MESH_DEFAULTS.antialias,
    near: options.near ?? RENDER_MESH_DEFAULTS.near,
  };
  checkArguments(mesh, camera, options, settings.antialias);
  const buffers = options.buffers ?? createRenderBuffers();
  const columns = width * settings.antialias;
  const rows = height * settings.antialias;
  fillRenderBuffers(buffers, mesh.vertices, mesh.faces, columns * rows);

  const projection = sampleProjection(camera, settings.antialias, settings.near);
  projectToSamples(buffers, projection);
  rasterizeFaces(buffers, projection, {
    columns,
    rows,
    nearness: buffers.nearness,
    visible: buffers.visible,
    skipped: settings.culling === 'back' ? -1 : settings.culling === 'front' ? 1 : 0,
  });

  const lit = settings.shading === 'smooth';
  if (lit && mesh.normals !== undefined) buffers.normals.set(mesh.normals);
  else if (lit) vertexNormals(buffers.vertices, buffers.faces, buffers.normals);
  lightVertices(buffers, mesh, lit ? { lights: settings.lights, ambient: settings.ambient } : undefined);
  return resolveSamples(buffers, projection, width, height, settings.antialias, settings.background);
}
