import { LINEAR_OF_BYTE } from '../srgb.js';
import type { MeshRange } from './gather-meshes.js';
import type { SurfaceFragments, Texture } from './types.js';
import { FIELD, type WorkspaceArrays } from './workspace.js';

/** Fields that a shader may read, and those that it may write, by their names in {@link SurfaceFragments}. */
const READ = ['x', 'y', 'z', 'cx', 'cy', 'cz', 'u', 'v', 'lambdaB', 'lambdaC'] as const;
const WRITE = ['nx', 'ny', 'nz', 'red', 'green', 'blue', 'specular', 'roughness'] as const;
const FIELDS = [...READ, ...WRITE];
type Field = (typeof FIELDS)[number];

/** Bilinear samples of a texture, times `diffuse`, over the colours of some fragments, which have that factor already. */
function applyTexture(
  texture: Texture,
  diffuse: number,
  arrays: WorkspaceArrays,
  chosen: Int32Array,
  capacity: number,
): void {
  const { fragments: f } = arrays;
  const { width, height, data } = texture;
  const channels = data.length / (width * height);
  const out = [FIELD.red * capacity, FIELD.green * capacity, FIELD.blue * capacity] as const;
  for (const i of chosen) {
    const u = f[FIELD.u * capacity + i]!;
    const v = f[FIELD.v * capacity + i]!;
    const column = (u - Math.floor(u)) * width - 0.5;
    const row = (v - Math.floor(v)) * height - 0.5;
    const left = Math.floor(column);
    const top = Math.floor(row);
    const wx = column - left;
    const wy = row - top;
    const x0 = (left + width) % width;
    const y0 = (top + height) % height;
    const x1 = (x0 + 1) % width;
    const y1 = (y0 + 1) % height;
    const at = [
      (y0 * width + x0) * channels,
      (y0 * width + x1) * channels,
      (y1 * width + x0) * channels,
      (y1 * width + x1) * channels,
    ] as const;
    const weights = [(1 - wx) * (1 - wy), wx * (1 - wy), (1 - wx) * wy, wx * wy] as const;
    let alpha = 1;
    if (channels === 4) {
      alpha = 0;
      for (let k = 0; k < 4; k++) alpha += weights[k]! * data[at[k]! + 3]!;
      alpha /= 255;
      if (alpha === 0) continue;
    }
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) {
        const weight = channels === 4 ? (weights[k]! * data[at[k]! + 3]!) / (255 * alpha) : weights[k]!;
        sum += weight * LINEAR_OF_BYTE[data[at[k]! + c]!]!;
      }
      const base = f[out[c]! + i]!;
      f[out[c]! + i] = base + alpha * (diffuse * sum - base);
    }
  }
}

const scratch = new Map<string, Float32Array>();

/** Working memory of shaders by name: nothing in it outlives a call. */
function scratchOf(name: string, count: number): Float32Array {
  let array = scratch.get(name);
  if (array === undefined || array.length < count) scratch.set(name, (array = new Float32Array(2 * count)));
  return array.subarray(0, count);
}

/**
 * What a shader sees. If all fragments are its own, the rows themselves; else copies, each made when the shader asks for it.
 *
 * @returns the fragments, and what brings back the copies that the shader may have written to
 */
function fragmentsFor(
  { fragments }: WorkspaceArrays,
  chosen: Int32Array,
  face: Int32Array,
  { count, capacity }: { readonly count: number; readonly capacity: number },
): { readonly given: SurfaceFragments; readonly putBack: () => void } {
  const used = chosen.length;
  const copies = new Map<Field, Float32Array>();
  const rowOf = (name: Field): Float32Array => {
    const from = FIELD[name] * capacity;
    if (used === count) return fragments.subarray(from, from + count);
    let copy = copies.get(name);
    if (copy === undefined) {
      copies.set(name, (copy = scratchOf(name, used)));
      for (let i = 0; i < used; i++) copy[i] = fragments[from + chosen[i]!]!;
    }
    return copy;
  };
  const given = { face, count: used };
  for (const name of FIELDS) Object.defineProperty(given, name, { enumerable: true, get: () => rowOf(name) });
  return {
    given: given as unknown as SurfaceFragments,
    putBack: () => {
      for (const name of WRITE) {
        const copy = copies.get(name);
        const to = FIELD[name] * capacity;
        if (copy !== undefined) for (let i = 0; i < used; i++) fragments[to + chosen[i]!] = copy[i]!;
      }
    },
  };
}

/** Applies the textures and procedural surfaces of the meshes to the fragments of a band. */
export function shadeSurfaces(
  ranges: readonly MeshRange[],
  arrays: WorkspaceArrays,
  count: number,
  capacity: number,
): void {
  const { fragmentIds, faceMesh } = arrays;
  ranges.forEach(({ mesh: { texture, surface, material }, faceStart }, index) => {
    if (texture === undefined && surface === undefined) return;
    const all = new Int32Array(count);
    let used = 0;
    for (let i = 0; i < count; i++) if (faceMesh[fragmentIds[i]! >> 1] === index) all[used++] = i;
    if (used === 0) return;
    const chosen = all.subarray(0, used);
    if (texture !== undefined) applyTexture(texture, material?.diffuse ?? 1, arrays, chosen, capacity);
    if (surface === undefined) return;
    const face = new Int32Array(used);
    for (let i = 0; i < used; i++) face[i] = (fragmentIds[chosen[i]!]! >> 1) - faceStart;
    const { given, putBack } = fragmentsFor(arrays, chosen, face, { count, capacity });
    surface(given);
    putBack();
  });
}
