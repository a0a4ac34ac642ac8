import type { ShadowLookup } from '../kernels.js';
import { FIELD, type WorkspaceArrays } from '../workspace.js';

const { floor, fround, sqrt } = Math;

/**
 * How much of a light reaches each fragment: the share of (2·softness + 1)² texels around it, the outermost weighted by how far
 * the window reaches into them, that are not nearer to the light (percentage-closer filtering; Reeves et al., SIGGRAPH 1987).
 */
export function lookUpShadow(
  arrays: WorkspaceArrays,
  count: number,
  capacity: number,
  { transform: m, size, softness, bias, normalOffset, strength, mapStart, row }: ShadowLookup,
): void {
  const { fragments: f, fragmentIds, shadowMaps } = arrays;
  const whole = fround((2 * softness + 1) * (2 * softness + 1));
  const offset = fround(normalOffset);
  const lift = fround(bias);
  const dim = fround(strength);
  for (let i = 0; i < count; i++) {
    const nx = f[FIELD.nx * capacity + i]!;
    const ny = f[FIELD.ny * capacity + i]!;
    const nz = f[FIELD.nz * capacity + i]!;
    const nn = fround(fround(fround(nx * nx) + fround(ny * ny)) + fround(nz * nz));
    let along = nn > 0 ? fround(offset / fround(sqrt(nn))) : 0;
    if ((fragmentIds[i]! & 1) === 1) along = -along;
    const x = fround(f[FIELD.x * capacity + i]! + fround(nx * along));
    const y = fround(f[FIELD.y * capacity + i]! + fround(ny * along));
    const z = fround(f[FIELD.z * capacity + i]! + fround(nz * along));
    const column = fround(fround(fround(fround(m[0]! * x) + fround(m[1]! * y)) + fround(m[2]! * z)) + m[3]!);
    const line = fround(fround(fround(fround(m[4]! * x) + fround(m[5]! * y)) + fround(m[6]! * z)) + m[7]!);
    const q = fround(
      fround(fround(fround(fround(m[8]! * x) + fround(m[9]! * y)) + fround(m[10]! * z)) + m[11]!) + lift,
    );
    const left = floor(column);
    const top = floor(line);
    const restX = fround(column - left);
    const restY = fround(line - top);
    let lit: number = 0;
    for (let ty = -softness; ty <= softness + 1; ty++) {
      const wy = ty === -softness ? fround(1 - restY) : ty === softness + 1 ? restY : 1;
      const texelY = top + ty;
      let rowLit: number = 0;
      for (let tx = -softness; tx <= softness + 1; tx++) {
        const wx = tx === -softness ? fround(1 - restX) : tx === softness + 1 ? restX : 1;
        const texelX = left + tx;
        const inside = texelX >= 0 && texelX < size && texelY >= 0 && texelY < size;
        if (!inside || q >= shadowMaps[mapStart + texelY * size + texelX]!) rowLit = fround(rowLit + wx);
      }
      lit = fround(lit + fround(rowLit * wy));
    }
    f[row * capacity + i] = 1 - fround(fround(1 - fround(lit / whole)) * dim);
  }
}
