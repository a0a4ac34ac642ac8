import type { Intensity, Mesh } from '../mesh/types.js';
import type { Camera, Color, GrayImage, RgbImage } from '../types.js';

/** How a surface throws light back. The colours of the mesh are its diffuse reflectance. */
export interface Material {
  /** Factor of the colours. Default 1. */
  readonly diffuse?: number | undefined;
  /** Reflectance at normal incidence (F0) of the clear layer on top: skin 0.028, plastic 0.04, metal 0.5 … 0.9. Default 0: dull. */
  readonly specular?: number | undefined;
  /** 0.05 … 1: small for wet or polished, large for dry. Default 0.5. */
  readonly roughness?: number | undefined;
  /**
   * Light that creeps around into the shade, per channel, 0 … 1: diffuse = max(0, (n·l + w)/(1 + w)). Flesh scatters red
   * farthest: [0.25, 0.1, 0.05]. Default 0.
   */
  readonly wrap?: readonly [red: number, green: number, blue: number] | undefined;
}

/** Pixels for a mesh with `uvs`; bilinear, repeated beyond 0 … 1. */
export interface Texture {
  readonly width: number;
  readonly height: number;
  /** height · width · 3 or 4 bytes, sRGB; with 4 the last (0 … 255) mixes the texture over the colours of the vertices. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/**
 * Places on one mesh that are about to be lit, one entry each in every array. A {@link SurfaceShader} may change what is marked
 * *writable*. The arrays are reused: keep none of them.
 */
export interface SurfaceFragments {
  readonly count: number;
  /** Position in the camera frame. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly z: Float32Array;
  /** `coordinates` of the mesh, interpolated: where a texture sticks to the surface. */
  readonly cx: Float32Array;
  readonly cy: Float32Array;
  readonly cz: Float32Array;
  /** `uvs` of the mesh, interpolated. */
  readonly u: Float32Array;
  readonly v: Float32Array;
  /** The face of the mesh. */
  readonly face: Int32Array;
  /** Barycentric coordinates of the face's second and third corner. */
  readonly lambdaB: Float32Array;
  readonly lambdaC: Float32Array;
  /** Writable: outward normal; of any length but zero. */
  readonly nx: Float32Array;
  readonly ny: Float32Array;
  readonly nz: Float32Array;
  /** Writable: diffuse reflectance in linear light. */
  readonly red: Float32Array;
  readonly green: Float32Array;
  readonly blue: Float32Array;
  /** Writable: as in {@link Material}. */
  readonly specular: Float32Array;
  readonly roughness: Float32Array;
}

/** A procedural surface: called with many places at once, never per place. It must depend on its argument alone. */
export type SurfaceShader = (fragments: SurfaceFragments) => void;

/** One object of a scene, in the camera frame. */
export interface SceneMesh extends Mesh {
  readonly material?: Material | undefined;
  /** [N, 2] flat; u to the right and v downwards in the texture, both 0 … 1 */
  readonly uvs?: ArrayLike<number> | undefined;
  readonly texture?: Texture | undefined;
  /** [N, 3] flat, for `surface`: for example the vertices at rest. Default zeros. */
  readonly coordinates?: ArrayLike<number> | undefined;
  readonly surface?: SurfaceShader | undefined;
  /** [N] part of each vertex, 0 … 32766; a pixel has that of the nearest corner. Default 0. */
  readonly parts?: ArrayLike<number> | undefined;
  /** Which faces are left out. Default 'none'. */
  readonly culling?: 'none' | 'back' | 'front' | undefined;
  /** Default true. */
  readonly castsShadow?: boolean | undefined;
}

/** A shadow map of a directional light. */
export interface ShadowOptions {
  /** Texels along a side of the map, 16 … 4096. Default 256. */
  readonly size?: number | undefined;
  /** The penumbra is 2·softness + 1 texels wide, 0 … 8. Default 1. */
  readonly softness?: number | undefined;
  /** Texels by which a surface is held nearer to the light than it is. Default 1.5. */
  readonly bias?: number | undefined;
  /** Texels by which a surface is moved along its normal before it is compared. Default 1.5. */
  readonly normalOffset?: number | undefined;
  /** 0 … 1: how much of the light the shadow takes. Default 1. */
  readonly strength?: number | undefined;
}

/** A light in the camera frame. */
export type SceneLight =
  | {
      readonly kind: 'directional';
      /** The way the light travels: [0, 0, 1] shines from the viewer into the scene. Any length but zero. */
      readonly direction: readonly [number, number, number];
      readonly intensity: Intensity;
      /** Default false: light goes through. */
      readonly shadow?: boolean | ShadowOptions | undefined;
    }
  | {
      readonly kind: 'point';
      /** In the unit of the vertices. The strength does not fall off with distance. */
      readonly position: readonly [number, number, number];
      readonly intensity: Intensity;
    }
  | {
      readonly kind: 'spherical-harmonics';
      /**
       * [9, 3] flat: radiance from all around, rows Y₀₀, Y₁₋₁ (y), Y₁₀ (z), Y₁₁ (x), Y₂₋₂ (xy), Y₂₋₁ (yz), Y₂₀ (3z² − 1), Y₂₁ (xz),
       * Y₂₂ (x² − y²), orthonormal real harmonics of the direction that the light comes from, columns red, green, blue.
       * A constant radiance 1 is Y₀₀ = √(4π).
       */
      readonly coefficients: ArrayLike<number>;
    };

/** Everything that is drawn, and its light. */
export interface Scene {
  readonly meshes: readonly SceneMesh[];
  /** Default one white light from the upper left behind the viewer. */
  readonly lights?: readonly SceneLight[] | undefined;
  /** Light from everywhere. Default 0.35. */
  readonly ambient?: Intensity | undefined;
}

/** What a render can give, all row-major with one entry per pixel. */
export interface SceneOutputs {
  /** Meshes over the background. */
  readonly color: RgbImage;
  /** Covered part of the pixel, 0 … 255. */
  readonly mask: GrayImage;
  /** Covered part by each mesh, where it is what is seen. */
  readonly objectMasks: readonly GrayImage[];
  /** [H·W] z of the nearest sample, Infinity where empty. */
  readonly depth: Float32Array;
  /** [H·W, 3] unit normal of the surface of the nearest sample, turned to the viewer's side (camera frame); zeros where empty. */
  readonly normals: Float32Array;
  /** [H·W] part of the nearest sample, −1 where empty. */
  readonly parts: Int16Array;
  /** [H·W] index of the mesh of the nearest sample, −1 where empty. */
  readonly objects: Int16Array;
  /** [H·W] face of that mesh, −1 where empty. */
  readonly faces: Int32Array;
  /** [H·W] corner of that face with the largest barycentric coordinate, −1 where empty. */
  readonly vertices: Int32Array;
  /** [H·W, 3] barycentric coordinates of the nearest sample on its face; zeros where empty. */
  readonly barycentrics: Float32Array;
}

export type SceneOutput = keyof SceneOutputs;

/** Milliseconds spent per stage, added up. */
export interface RenderTimings {
  transform: number;
  shadow: number;
  raster: number;
  light: number;
  resolve: number;
}

export interface RenderSceneOptions<O extends SceneOutput = SceneOutput> {
  /** Size of the result in pixels. */
  readonly width: number;
  readonly height: number;
  /** What is wanted; nothing else is calculated. Default ['color', 'mask', 'depth']. */
  readonly outputs?: readonly O[] | undefined;
  /** What lies behind: one colour (0 … 255) or an image of the same size. Default black. */
  readonly background?: RgbImage | Color | undefined;
  /** 'none' shows the colours as they are. Default 'smooth': lit per pixel. */
  readonly shading?: 'smooth' | 'none' | undefined;
  /** Samples per pixel and axis, 1 … 8. Default 1: one sample, at the pixel centre. */
  readonly antialias?: number | undefined;
  /** With perspective, what is nearer than this is cut away, in the unit of the vertices. Default 0.001. */
  readonly near?: number | undefined;
  /** Result of an earlier render: its arrays are overwritten and returned where kind and size fit. */
  readonly into?: Partial<SceneOutputs> | undefined;
  /** Name of the caller in error messages. Default 'renderScene'. */
  readonly operation?: string | undefined;
  /** Is added to, for measurements. */
  readonly timings?: RenderTimings | undefined;
}

/** Draws scenes, one at a time, in memory that it keeps. */
export interface SceneRenderer {
  /** Where the inner loops run. Both give the same bytes. */
  readonly kernels: 'wasm' | 'typescript';
  render<const O extends SceneOutput = 'color' | 'mask' | 'depth'>(
    scene: Scene,
    camera: Camera,
    options: RenderSceneOptions<O>,
  ): Pick<SceneOutputs, O>;
}
