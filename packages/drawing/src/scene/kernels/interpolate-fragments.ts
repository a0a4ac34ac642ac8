import { ATTRIBUTES, FIELD, MATERIAL_FIELDS, type WorkspaceArrays } from '../workspace.js';

const { fround } = Math;

/**
 * Attributes of every fragment: λ_i = w_i / Σ w with the planes w_i = λ_i / z of its face, perspective-correct, then
 * λ_a·a + λ_b·b + λ_c·c; specular, roughness and wrap of its material.
 */
export function interpolateFragments(arrays: WorkspaceArrays, count: number, capacity: number): void {
  const { faces, faceMesh, planes, attributes, materials, fragments } = arrays;
  const { fragmentIds, fragmentColumns, fragmentRows } = arrays;
  for (let i = 0; i < count; i++) {
    const face = fragmentIds[i]! >> 1;
    const column = fragmentColumns[i]!;
    const row = fragmentRows[i]!;
    const p = face * 9;
    let wa = planes[p]! + column * planes[p + 1]! + row * planes[p + 2]!;
    let wb = planes[p + 3]! + column * planes[p + 4]! + row * planes[p + 5]!;
    let wc = planes[p + 6]! + column * planes[p + 7]! + row * planes[p + 8]!;
    if (!(wa > 0)) wa = 0;
    if (!(wb > 0)) wb = 0;
    if (!(wc > 0)) wc = 0;
    const sum = wa + wb + wc;
    const scale = sum > 0 ? 1 / sum : 0;
    const lb = fround(wb * scale);
    const lc = fround(wc * scale);
    const la = sum > 0 ? fround(wa * scale) : 1;
    const a = faces[3 * face]! * ATTRIBUTES;
    const b = faces[3 * face + 1]! * ATTRIBUTES;
    const c = faces[3 * face + 2]! * ATTRIBUTES;
    for (let k = 0; k < ATTRIBUTES; k++) {
      fragments[k * capacity + i] =
        fround(fround(la * attributes[a + k]!) + fround(lb * attributes[b + k]!)) + fround(lc * attributes[c + k]!);
    }
    fragments[FIELD.lambdaB * capacity + i] = lb;
    fragments[FIELD.lambdaC * capacity + i] = lc;
    const m = faceMesh[face]! * MATERIAL_FIELDS;
    fragments[FIELD.specular * capacity + i] = materials[m + 1]!;
    fragments[FIELD.roughness * capacity + i] = materials[m + 2]!;
    fragments[FIELD.wrapRed * capacity + i] = materials[m + 3]!;
    fragments[FIELD.wrapGreen * capacity + i] = materials[m + 4]!;
    fragments[FIELD.wrapBlue * capacity + i] = materials[m + 5]!;
  }
}
