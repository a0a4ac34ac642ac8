import { ConfigError } from '@opposable/tensor-checks';
import { srgbToLinearFast } from '../srgb.js';
import type { RenderBuffers } from './render-buffers.js';
import type { Intensity, Light, Mesh } from './types.js';

const DEFAULT_ALBEDO = 0.8;

const rgbOf = (intensity: Intensity): readonly [number, number, number] =>
  typeof intensity === 'number' ? [intensity, intensity, intensity] : intensity;

function unit([x, y, z]: readonly [number, number, number]): [number, number, number] {
  const length = Math.sqrt(x * x + y * y + z * z);
  if (!(length > 0 && length < Infinity)) {
    throw new ConfigError(
      `renderMesh: expected a light with a finite direction other than zero, got [${x}, ${y}, ${z}].`,
      {
        expected: 'a direction other than zero',
        actual: [x, y, z],
      },
    );
  }
  return [x / length, y / length, z / length];
}

/** How the vertices are lit; undefined leaves the colours as they are. */
export interface Lighting {
  readonly lights: readonly Light[];
  readonly ambient: Intensity;
}

/**
 * Linear colour of both sides of every vertex: albedo · (ambient + Σ intensity · max(0, ± normal · towards the light)).
 *
 * @param mesh its colours, in 0 … 1; grey where it has none
 */
export function lightVertices(
  buffers: RenderBuffers,
  mesh: Pick<Mesh, 'colors' | 'colorSpace'>,
  lighting: Lighting | undefined,
): void {
  const { vertices, normals, front, back } = buffers;
  const { colors, colorSpace } = mesh;
  if (colors === undefined) front.fill(srgbToLinearFast(DEFAULT_ALBEDO));
  else if (colorSpace === 'linear') front.set(colors);
  else for (let i = 0; i < front.length; i++) front[i] = srgbToLinearFast(colors[i]!);
  back.set(front);
  if (lighting === undefined) return;

  const [ambientR, ambientG, ambientB] = rgbOf(lighting.ambient);
  const strengths = lighting.lights.map((light) => rgbOf(light.intensity));
  const travels = lighting.lights.map((light) =>
    light.kind === 'directional' ? unit(light.direction) : light.position,
  );
  for (let i = 0; i < vertices.length; i += 3) {
    let outerR = ambientR;
    let outerG = ambientG;
    let outerB = ambientB;
    let innerR = ambientR;
    let innerG = ambientG;
    let innerB = ambientB;
    for (let l = 0; l < travels.length; l++) {
      let [x, y, z] = travels[l]!;
      if (lighting.lights[l]!.kind === 'point') {
        x = vertices[i]! - x;
        y = vertices[i + 1]! - y;
        z = vertices[i + 2]! - z;
        const length = Math.sqrt(x * x + y * y + z * z);
        if (length === 0) continue;
        x /= length;
        y /= length;
        z /= length;
      }
      const facing = -(normals[i]! * x + normals[i + 1]! * y + normals[i + 2]! * z);
      const [r, g, b] = strengths[l]!;
      if (facing > 0) {
        outerR += r * facing;
        outerG += g * facing;
        outerB += b * facing;
      } else {
        innerR -= r * facing;
        innerG -= g * facing;
        innerB -= b * facing;
      }
    }
    back[i] = front[i]! * innerR;
    back[i + 1] = front[i + 1]! * innerG;
    back[i + 2] = front[i + 2]! * innerB;
    front[i] = front[i]! * outerR;
    front[i + 1] = front[i + 1]! * outerG;
    front[i + 2] = front[i + 2]! * outerB;
  }
}
