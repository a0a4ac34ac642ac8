import type { Intensity } from '../mesh/types.js';
import { withSharedRenderer } from '../scene/shared-renderer.js';
import type { Scene, SceneLight, SceneMesh, SceneRenderer } from '../scene/types.js';
import type { Color, RgbImage } from '../types.js';
import { boundsOf } from './fit-camera.js';
import { paintDepth, paintIds, paintNormals } from './paint-outputs.js';
import { type Turn, turnVertices } from './turn-vertices.js';

/** Soft light from above and a lamp with a shadow from the upper left: shows form without hiding anything in the dark. */
export const STUDIO_LIGHT: { readonly lights: readonly SceneLight[]; readonly ambient: Intensity } = {
  lights: [
    { kind: 'directional', direction: [0.45, 0.6, 1], intensity: 0.62, shadow: { size: 512, strength: 0.75 } },
    { kind: 'directional', direction: [-0.8, 0.1, 0.5], intensity: 0.14 },
  ],
  ambient: 0.3,
};

export type ViewColoring = 'shaded' | 'normals' | 'parts' | 'depth';

export interface RenderViewOptions extends Turn {
  /** Sides in pixels. */
  readonly width: number;
  readonly height: number;
  /** Default 'shaded'. */
  readonly coloring?: ViewColoring | undefined;
  /** Default a light grey. */
  readonly background?: Color | undefined;
  /** Default 2. */
  readonly antialias?: number | undefined;
  /** Default {@link STUDIO_LIGHT}. */
  readonly light?: Pick<Scene, 'lights' | 'ambient'> | undefined;
  /** Memory to reuse. */
  readonly renderer?: SceneRenderer | undefined;
}

const PAPER: Color = [245, 246, 248];

/**
 * A mesh alone, turned and filling the picture whichever way it is turned: side views and turntables.
 *
 * @param mesh vertices with x right, y down, z away, in any unit
 * @throws ConfigError or ShapeError as {@link SceneRenderer} does, or for a mesh without vertices
 */
export function renderView(mesh: SceneMesh, options: RenderViewOptions): RgbImage {
  const { width, height, coloring = 'shaded', background = PAPER, antialias = 2, light = STUDIO_LIGHT } = options;
  const { radius } = boundsOf(mesh.vertices);
  const vertices = turnVertices(mesh.vertices, options);
  const camera = {
    kind: 'weak-perspective',
    scale: radius > 0 ? (0.48 * Math.min(width, height)) / radius : 1,
    translation: [(width - 1) / 2, (height - 1) / 2],
  } as const;
  const scene = { meshes: [{ ...mesh, vertices, normals: undefined }], ...light };
  const draw = (renderer: SceneRenderer): RgbImage => {
    const common = { width, height, antialias, operation: 'renderView' };
    if (coloring === 'shaded')
      return renderer.render(scene, camera, { ...common, background, outputs: ['color'] }).color;
    const { normals, parts, depth, mask } = renderer.render(scene, camera, {
      ...common,
      outputs: ['normals', 'parts', 'depth', 'mask'],
    });
    if (coloring === 'normals') return paintNormals(normals, mask, background);
    if (coloring === 'parts') return paintIds(parts, mask, background);
    return paintDepth(depth, mask, background);
  };
  return options.renderer === undefined ? withSharedRenderer(draw) : draw(options.renderer);
}

export interface TurntableOptions extends Omit<RenderViewOptions, 'yaw'> {
  /** Pictures all around. Default 8. */
  readonly views?: number | undefined;
}

/** A mesh seen from all around: `views` pictures, each turned on by 360° / views. */
export function turntable(mesh: SceneMesh, { views = 8, ...options }: TurntableOptions): RgbImage[] {
  return Array.from({ length: views }, (_, k) => renderView(mesh, { ...options, yaw: (360 * k) / views }));
}
