import type { ShadowLookup } from '../kernels.js';
import { FIELD, type WorkspaceArrays } from '../workspace.js';

const { floor, fround, sqrt } = Math;

/**
 * How much of a light reaches each fragment: the share of (2·softness + 1)² texels around it, the outermost weighted by how far
 * the window reaches into them, that are not nearer to the light (percentage-closer filtering; Reeves et al., SIGGRAPH 1987). What is turned away is not looked up: 0.
 */
export function lookUpShadow(
  arrays: WorkspaceArrays,
  count: number,
  capacity: number,
  { transform: m, size, softness, bias, normalOffset, strength, mapStart, row, turnedAway }: ShadowLookup,
): void {
  const { fragments: f, fragmentIds, shadowMaps } = arrays;
  const whole = fround((2 * softness + 1) * (2 * softness + 1));
  const offset = fround(normalOffset);
  const lift = fround(bias);
  const dim = fround(strength);
  const dark = fround(turnedAway);
  const side = 2 * softness + 2;
  const columnLit = new Float32Array(side);
  for (let i = 0; i < count; i++) {
    const nx = f[FIELD.nx * capacity + i]!;
    const ny = f[FIELD.ny * capacity + i]!;
    const nz = f[FIELD.nz * capacity + i]!;
    const nn = fround(fround(fround(nx * nx) + fround(ny * ny)) + fround(nz * nz));
    let inverse = nn > 0 ? fround(1 / fround(sqrt(nn))) : 0;
    if ((fragmentIds[i]! & 1) === 1) inverse = -inverse;
    const towards = fround(fround(fround(nx * m[8]!) + fround(ny * m[9]!)) + fround(nz * m[10]!));
    if (fround(towards * inverse) <= dark) {
      f[row * capacity + i] = 0;
      continue;
    }
    const along = fround(offset * inverse);
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
    columnLit.fill(0);
    for (let ty = 0; ty < side; ty++) {
      const wy = ty === 0 ? fround(1 - restY) : ty === side - 1 ? restY : 1;
      const texelY = top - softness + ty;
      for (let tx = 0; tx < side; tx++) {
        const texelX = left - softness + tx;
        const inside = texelX >= 0 && texelX < size && texelY >= 0 && texelY < size;
        if (!inside || q >= shadowMaps[mapStart + texelY * size + texelX]!) columnLit[tx] = columnLit[tx]! + wy;
      }
    }
    let lit: number = 0;
    for (let tx = 0; tx < side; tx++) {
      const wx = tx === 0 ? fround(1 - restX) : tx === side - 1 ? restX : 1;
      lit = fround(lit + fround(columnLit[tx]! * wx));
    }
    f[row * capacity + i] = 1 - fround(fround(1 - fround(lit / whole)) * dim);
  }
}
