import { ShapeError } from '@opposable/tensor-checks';
import type { ShapedIdentity } from './shape-identity.js';
import type { FloatArray } from './types.js';

/** A pose on plain numbers. */
export interface HostPose {
  /** [J, 3, 3] row-major rotation matrices; the first turns the whole model about its root joint. */
  readonly rotations: ArrayLike<number>;
  /** [3, 3] row-major rotation that turns the posed result about the coordinate origin, before `transl`. Default none. */
  readonly worldRotation?: ArrayLike<number> | undefined;
  /** [3] translation in metres, added last. Default zeros. */
  readonly transl?: ArrayLike<number> | undefined;
}

/** What skinning gives on plain numbers. */
export interface HostSkinningResult {
  /** [V, 3] in metres. */
  readonly vertices: FloatArray;
  /** [J, 3] in metres. */
  readonly joints: FloatArray;
}

/** Work arrays of one call; calls are synchronous, so one set per size is enough. */
interface Scratch {
  readonly posed: Float64Array;
  /** [J, 12] rows of the 3 × 4 transforms from the world to each joint's frame at rest: rotation, then translation. */
  readonly skin: Float64Array;
}
let scratch: Scratch = { posed: new Float64Array(0), skin: new Float64Array(0) };

function scratchFor(coordinates: number, jointCount: number): Scratch {
  if (scratch.posed.length !== coordinates || scratch.skin.length !== jointCount * 12) {
    scratch = { posed: new Float64Array(coordinates), skin: new Float64Array(jointCount * 12) };
  }
  return scratch;
}

function addCorrectives(posed: Float64Array, identity: ShapedIdentity, rotations: ArrayLike<number>): void {
  identity.prepared.correctives.forEach(({ coordinates, values }, block) => {
    const r = (block + 1) * 9;
    const f0 = rotations[r]! - 1;
    const f1 = rotations[r + 1]!;
    const f2 = rotations[r + 2]!;
    const f3 = rotations[r + 3]!;
    const f4 = rotations[r + 4]! - 1;
    const f5 = rotations[r + 5]!;
    const f6 = rotations[r + 6]!;
    const f7 = rotations[r + 7]!;
    const f8 = rotations[r + 8]! - 1;
    if (!(f0 || f1 || f2 || f3 || f4 || f5 || f6 || f7 || f8)) return;
    for (let row = 0, k = 0; row < coordinates.length; row++, k += 9) {
      posed[coordinates[row]!]! +=
        values[k]! * f0 +
        values[k + 1]! * f1 +
        values[k + 2]! * f2 +
        values[k + 3]! * f3 +
        values[k + 4]! * f4 +
        values[k + 5]! * f5 +
        values[k + 6]! * f6 +
        values[k + 7]! * f7 +
        values[k + 8]! * f8;
    }
  });
}

/** G_j = G_parent · [R_j | J_j − J_parent], written as rows of 12 with the translation at 3, 7, 11. */
function chainTransforms(skin: Float64Array, identity: ShapedIdentity, { rotations, worldRotation }: HostPose): void {
  const { parents } = identity.prepared.model;
  const rest = identity.restJoints;
  for (let j = 0; j < parents.length; j++) {
    const to = j * 12;
    const parent = parents[j]!;
    if (parent < 0) {
      for (let i = 0; i < 3; i++) {
        for (let k = 0; k < 3; k++) skin[to + i * 4 + k] = rotations[j * 9 + i * 3 + k]!;
        skin[to + i * 4 + 3] = rest[j * 3 + i]!;
      }
      if (worldRotation !== undefined) turnColumns(skin, worldRotation);
      continue;
    }
    const x = rest[j * 3]! - rest[parent * 3]!;
    const y = rest[j * 3 + 1]! - rest[parent * 3 + 1]!;
    const z = rest[j * 3 + 2]! - rest[parent * 3 + 2]!;
    for (let i = 0; i < 3; i++) {
      const from = parent * 12 + i * 4;
      const a = skin[from]!;
      const b = skin[from + 1]!;
      const c = skin[from + 2]!;
      for (let k = 0; k < 3; k++) {
        skin[to + i * 4 + k] =
          a * rotations[j * 9 + k]! + b * rotations[j * 9 + 3 + k]! + c * rotations[j * 9 + 6 + k]!;
      }
      skin[to + i * 4 + 3] = a * x + b * y + c * z + skin[from + 3]!;
    }
  }
}

/** Multiplies the first 3 × 4 transform by a rotation from the left. */
function turnColumns(skin: Float64Array, rotation: ArrayLike<number>): void {
  for (let k = 0; k < 4; k++) {
    const x = skin[k]!;
    const y = skin[4 + k]!;
    const z = skin[8 + k]!;
    for (let i = 0; i < 3; i++)
      skin[i * 4 + k] = rotation[i * 3]! * x + rotation[i * 3 + 1]! * y + rotation[i * 3 + 2]! * z;
  }
}

function blendVertices(
  out: FloatArray,
  { posed, skin }: Scratch,
  { prepared }: ShapedIdentity,
  tx: number,
  ty: number,
  tz: number,
): void {
  const { weightStarts, weightJoints, weightValues } = prepared;
  for (let v = 0, c = 0; c < posed.length; v++, c += 3) {
    const x = posed[c]!;
    const y = posed[c + 1]!;
    const z = posed[c + 2]!;
    let sx = tx;
    let sy = ty;
    let sz = tz;
    for (let e = weightStarts[v]!, end = weightStarts[v + 1]!; e < end; e++) {
      const a = weightJoints[e]! * 12;
      const w = weightValues[e]!;
      sx += w * (skin[a]! * x + skin[a + 1]! * y + skin[a + 2]! * z + skin[a + 3]!);
      sy += w * (skin[a + 4]! * x + skin[a + 5]! * y + skin[a + 6]! * z + skin[a + 7]!);
      sz += w * (skin[a + 8]! * x + skin[a + 9]! * y + skin[a + 10]! * z + skin[a + 11]!);
    }
    out[c] = sx;
    out[c + 1] = sy;
    out[c + 2] = sz;
  }
}

/**
 * Poses a shaped mesh by linear blend skinning.
 *
 * v_posed = v_shaped + poseDirs · vec(R_1 … R_{J−1} − I);  G_j = G_parent · [R_j | J_j − J_parent];
 * vertices = Σ_j w_vj · (R_Gj · (v_posed − J_j) + t_Gj) + transl;  joints = t_Gj + transl;
 * G_0 = worldRotation · [R_0 | J_0].
 *
 * @param identity from `shapeIdentity`
 * @param pose rotations [J, 3, 3], and optionally a rotation of the result [3, 3] and a translation [3] in metres
 * @param out arrays of V · 3 and J · 3 numbers to write to; default new Float64Arrays
 * @returns posed vertices [V, 3] and joints [J, 3] in metres
 * @throws ShapeError if rotations, translation or output arrays do not have the model's sizes
 */
export function poseIdentity(identity: ShapedIdentity, pose: HostPose, out?: HostSkinningResult): HostSkinningResult {
  const { vertexCount, jointCount } = identity.prepared.model;
  const { rotations, worldRotation, transl } = pose;
  assertLength(rotations, jointCount * 9, 'rotations');
  if (worldRotation !== undefined) assertLength(worldRotation, 9, 'worldRotation');
  if (transl !== undefined) assertLength(transl, 3, 'transl');
  const result = out ?? {
    vertices: new Float64Array(vertexCount * 3),
    joints: new Float64Array(jointCount * 3),
  };
  assertLength(result.vertices, vertexCount * 3, 'out.vertices');
  assertLength(result.joints, jointCount * 3, 'out.joints');
  const work = scratchFor(vertexCount * 3, jointCount);
  const { posed, skin } = work;
  posed.set(identity.vShaped);
  addCorrectives(posed, identity, rotations);
  chainTransforms(skin, identity, pose);
  const tx = transl?.[0] ?? 0;
  const ty = transl?.[1] ?? 0;
  const tz = transl?.[2] ?? 0;
  for (let j = 0; j < jointCount; j++) {
    result.joints[j * 3] = skin[j * 12 + 3]! + tx;
    result.joints[j * 3 + 1] = skin[j * 12 + 7]! + ty;
    result.joints[j * 3 + 2] = skin[j * 12 + 11]! + tz;
  }
  removeRestJoints(skin, identity.restJoints);
  blendVertices(result.vertices, work, identity, tx, ty, tz);
  return result;
}

/** A_j = G_j with its translation replaced by t_j − R_Gj · J_j. */
function removeRestJoints(skin: Float64Array, rest: Float64Array): void {
  for (let j = 0, a = 0; a < skin.length; j++, a += 12) {
    const x = rest[j * 3]!;
    const y = rest[j * 3 + 1]!;
    const z = rest[j * 3 + 2]!;
    for (let i = a; i < a + 12; i += 4) skin[i + 3]! -= skin[i]! * x + skin[i + 1]! * y + skin[i + 2]! * z;
  }
}

function assertLength(array: ArrayLike<number>, expected: number, name: string): void {
  if (array.length !== expected) {
    throw new ShapeError(`poseIdentity: expected ${name} of length ${expected}, got ${array.length}.`, {
      expected: [expected],
      actual: [array.length],
    });
  }
}
