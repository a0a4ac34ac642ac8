import type { Kernels, ShadowLookup } from './kernels.js';
import type { MeshRange } from './gather-meshes.js';
import { writeScreenVertex } from './screen-vertices.js';
import type { ShadowOptions } from './types.js';
import type { Workspace } from './workspace.js';

/** Texels around what casts a shadow. */
const BORDER = 4;

/** Two unit vectors that stand on a direction and on each other. */
function across([x, y, z]: readonly [number, number, number]): [number[], number[]] {
  const helper = Math.abs(y) < 0.9 ? [0, 1, 0] : [1, 0, 0];
  const cross = (p: readonly number[], q: readonly number[]) => [
    p[1]! * q[2]! - p[2]! * q[1]!,
    p[2]! * q[0]! - p[0]! * q[2]!,
    p[0]! * q[1]! - p[1]! * q[0]!,
  ];
  const first = cross(helper, [x, y, z]);
  const length = Math.sqrt(first[0]! ** 2 + first[1]! ** 2 + first[2]! ** 2);
  const right = first.map((value) => value / length);
  return [right, cross([x, y, z], right)];
}

/** Texels of the map of a light. */
export const shadowMapSize = ({ size = 256 }: ShadowOptions): number => Math.ceil(size / 4) * 4;

/**
 * Draws what casts a shadow as a directional light sees it: an orthographic map of nearness that just holds all of it.
 *
 * @param direction the way the light travels, unit length
 * @param place first texel in `shadowMaps`, which has room; row of `visibility` that lookups write; what they may leave out
 * @returns how to look places up; undefined where nothing casts a shadow
 */
export function drawShadowMap(
  workspace: Workspace,
  kernels: Kernels,
  ranges: readonly MeshRange[],
  positions: Float64Array,
  { direction, options }: { readonly direction: readonly [number, number, number]; readonly options: ShadowOptions },
  place: Pick<ShadowLookup, 'mapStart' | 'row' | 'turnedAway'>,
): ShadowLookup | undefined {
  const casting = ranges.filter(({ mesh, faceCount }) => mesh.castsShadow !== false && faceCount > 0);
  if (casting.length === 0) return undefined;
  const { softness = 1, bias = 1.5, normalOffset = 1.5, strength = 1 } = options;
  const size = shadowMapSize(options);
  const [right, down] = across(direction);
  const axes = [right, down, direction];
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const along = (axis: readonly number[], i: number) =>
    axis[0]! * positions[i]! + axis[1]! * positions[i + 1]! + axis[2]! * positions[i + 2]!;
  for (const { vertexStart, vertexCount } of casting) {
    for (let i = vertexStart * 3; i < (vertexStart + vertexCount) * 3; i += 3) {
      for (let k = 0; k < 3; k++) {
        const value = along(axes[k]!, i);
        if (value < low[k]!) low[k] = value;
        if (value > high[k]!) high[k] = value;
      }
    }
  }
  const extent = Math.max(high[0]! - low[0]!, high[1]! - low[1]!);
  if (!(extent > 0)) return undefined;
  const border = Math.min(BORDER, size / 8);
  const scale = (size - 1 - 2 * border) / extent;
  const columnShift = (size - 1) / 2 - (scale * (low[0]! + high[0]!)) / 2;
  const rowShift = (size - 1) / 2 - (scale * (low[1]! + high[1]!)) / 2;
  const middle = (low[2]! + high[2]!) / 2;

  const { mapStart } = place;
  const { shadowScreen, shadowSnapped, shadowPlanes, shadowIds, shadowMaps, faces } = workspace.arrays;
  const target = { screen: shadowScreen, snapped: shadowSnapped };
  let count = 0;
  for (const { vertexStart, vertexCount, faceStart, faceCount } of casting) {
    for (let v = vertexStart; v < vertexStart + vertexCount; v++) {
      const column = scale * along(right, 3 * v) + columnShift;
      const line = scale * along(down, 3 * v) + rowShift;
      writeScreenVertex(target, v, column, line, middle - along(direction, 3 * v));
    }
    for (let face = faceStart; face < faceStart + faceCount; face++) {
      const a = faces[3 * face]!;
      const b = faces[3 * face + 1]!;
      const c = faces[3 * face + 2]!;
      const ax = shadowSnapped[2 * a]!;
      const ay = shadowSnapped[2 * a + 1]!;
      const area =
        (shadowSnapped[2 * b]! - ax) * (shadowSnapped[2 * c + 1]! - ay) -
        (shadowSnapped[2 * b + 1]! - ay) * (shadowSnapped[2 * c]! - ax);
      if (area === 0) continue;
      shadowIds[count++] = face * 2 + (area > 0 ? 1 : 0);
      writePlane(shadowScreen, a, b, c, shadowPlanes, face);
    }
  }
  shadowMaps.fill(-Infinity, mapStart, mapStart + size * size);
  kernels.rasterizeShadow(workspace.arrays, size, mapStart, count);
  return {
    transform: Float32Array.of(
      ...[...right.map((value) => value * scale), columnShift],
      ...[...down.map((value) => value * scale), rowShift],
      ...[...direction.map((value) => -value), middle],
    ),
    size,
    softness,
    bias: bias / scale,
    normalOffset: normalOffset / scale,
    strength,
    ...place,
  };
}

/** Nearness as a plane over column and row; constant where the face is seen from its edge. */
function writePlane(screen: Float64Array, a: number, b: number, c: number, planes: Float64Array, face: number): void {
  const u = screen[3 * a]!;
  const v = screen[3 * a + 1]!;
  const q = screen[3 * a + 2]!;
  const bu = screen[3 * b]! - u;
  const bv = screen[3 * b + 1]! - v;
  const bq = screen[3 * b + 2]! - q;
  const cu = screen[3 * c]! - u;
  const cv = screen[3 * c + 1]! - v;
  const cq = screen[3 * c + 2]! - q;
  const determinant = bu * cv - cu * bv;
  const perColumn = determinant === 0 ? 0 : (bq * cv - cq * bv) / determinant;
  const perRow = determinant === 0 ? 0 : (cq * bu - bq * cu) / determinant;
  planes[3 * face] = q - perColumn * u - perRow * v;
  planes[3 * face + 1] = perColumn;
  planes[3 * face + 2] = perRow;
}
