import { Document, type Node, WebIO } from '@gltf-transform/core';
import { matrixToQuaternion } from '@opposable/geometry/host';
import { type ParametricModel, prepareModel, shapeIdentity } from '@opposable/skinning/host';
import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import { glbAccessor, glbPrimitive } from './glb-primitive.js';
import { assertFrame, displayMesh, type MeshFileOptions } from './mesh.js';
import { skinInfluences } from './skin-influences.js';

/** Shape, pose and place of what is written, and how much of the model goes into the file. */
export interface SkinnedGlbOptions extends MeshFileOptions {
  /** [S] shape coefficients: the morph weights of the file, and the place of its joints. Default zeros. */
  readonly betas?: ArrayLike<number> | undefined;
  /** [J, 3, 3] row-major: the rotations of the file's joints, and the pose whose correctives are baked. Default the rest pose. */
  readonly rotations?: ArrayLike<number> | undefined;
  /** [3] metres. Default zeros. */
  readonly transl?: ArrayLike<number> | undefined;
  /** How many shape directions become morph targets; the others are baked. Default the first 10, or as many as there are. */
  readonly morphTargets?: number | undefined;
  /** Joints per vertex. Default 4 where the model needs no more, else 8, of which many viewers show only four. */
  readonly influences?: 4 | 8 | undefined;
  /** [J] names of the joints' nodes. Default joint0, joint1, … */
  readonly jointNames?: readonly string[] | undefined;
  /** [V, 3] sRGB in 0–1. */
  readonly colors?: ArrayLike<number> | undefined;
}

interface Resolved {
  readonly betas: Float64Array;
  readonly rotations: Float64Array;
  readonly transl: Float64Array;
  readonly jointNames: readonly string[];
  readonly morphTargets: number;
}

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const DEFAULT_MORPH_TARGETS = 10;

function resolve({ jointCount, shapeCount }: ParametricModel, options: SkinnedGlbOptions): Resolved {
  const numbers = (name: 'betas' | 'rotations' | 'transl', length: number, fallback: (i: number) => number) => {
    const given = options[name];
    if (given !== undefined && given.length !== length) {
      throw new ShapeError(`writeSkinnedGlb: expected ${name} of length ${length}, got ${given.length}.`, {
        expected: [length],
        actual: [given.length],
      });
    }
    const values = Float64Array.from({ length }, (_, i) => (given === undefined ? fallback(i) : given[i]!));
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new ConfigError(`writeSkinnedGlb: expected finite numbers in ${name}, got ${values[bad]} at ${bad}.`, {
        expected: 'finite',
        actual: values[bad],
      });
    }
    return values;
  };
  const jointNames = options.jointNames ?? Array.from({ length: jointCount }, (_, j) => `joint${j}`);
  if (jointNames.length !== jointCount) {
    throw new ShapeError(`writeSkinnedGlb: expected ${jointCount} jointNames, got ${jointNames.length}.`, {
      expected: [jointCount],
      actual: [jointNames.length],
    });
  }
  const morphTargets = options.morphTargets ?? Math.min(shapeCount, DEFAULT_MORPH_TARGETS);
  if (!Number.isInteger(morphTargets) || morphTargets < 0 || morphTargets > shapeCount) {
    throw new ConfigError(`writeSkinnedGlb: expected morphTargets to be 0 to ${shapeCount}, got ${morphTargets}.`, {
      expected: [0, shapeCount],
      actual: morphTargets,
    });
  }
  return {
    betas: numbers('betas', shapeCount, () => 0),
    rotations: numbers('rotations', jointCount * 9, (i) => IDENTITY[i % 9]!),
    transl: numbers('transl', 3, () => 0),
    jointNames,
    morphTargets,
  };
}

/** Unposed vertices without the shape directions that become morph targets, with the correctives of the pose. */
function baseVertices(model: ParametricModel, { betas, rotations, morphTargets }: Resolved): Float64Array {
  const { vShaped } = shapeIdentity(
    model,
    betas.map((value, s) => (s < morphTargets ? 0 : value)),
  );
  const vertices = vShaped.slice();
  prepareModel(model).correctives.forEach(({ coordinates, values }, block) => {
    const feature = rotations.slice((block + 1) * 9, (block + 2) * 9).map((value, i) => value - IDENTITY[i]!);
    coordinates.forEach((coordinate, row) => {
      feature.forEach((value, k) => (vertices[coordinate]! += value * values[row * 9 + k]!));
    });
  });
  return vertices;
}

/** One node per joint, at its rest place relative to its parent and turned as in the pose. */
function jointNodes(
  document: Document,
  { parents }: ParametricModel,
  restJoints: Float64Array,
  { rotations, jointNames }: Resolved,
): Node[] {
  const nodes: Node[] = [];
  parents.forEach((parent, j) => {
    const [x, y, z] = [0, 1, 2].map((i) => restJoints[j * 3 + i]! - (parent < 0 ? 0 : restJoints[parent * 3 + i]!));
    const [qw, qx, qy, qz] = matrixToQuaternion(rotations.subarray(j * 9, j * 9 + 9));
    const node = document.createNode(jointNames[j]).setTranslation([x!, y!, z!]).setRotation([qx!, qy!, qz!, qw!]);
    if (parent >= 0) nodes[parent]!.addChild(node);
    nodes.push(node);
  });
  return nodes;
}

/**
 * A binary glTF 2.0 file of a model with its skeleton: for engines and modelling programs, to be posed there.
 *
 * The file shows the given shape and pose: vertices = Σ_j w_vj · world(joint_j) · inverseBind_j · (base + Σ_k weight_k ·
 * target_k) with base = v_template + correctives of the pose (+ shape directions that are no target), targets = shape
 * directions, weights = betas. Joints turned further keep the baked correctives; morph weights changed further move the
 * surface but not the joints, since glTF knows neither. Up to rounding to float32, the given pose is exact unless a vertex
 * hangs on more than `influences` joints.
 *
 * @param model any parametric model: hand, body, face
 * @param options axes (`frame`), shape, pose, place, names, colours
 * @returns the bytes of the file
 * @throws ShapeError for numbers that do not fit the model; ConfigError for unusable options
 *
 * Source: Khronos Group: glTF 2.0 Specification, 3.7.2–3.7.3 (morph targets, skins).
 */
export async function writeSkinnedGlb(model: ParametricModel, options: SkinnedGlbOptions): Promise<Uint8Array> {
  const resolved = resolve(model, options);
  const { betas, transl, morphTargets } = resolved;
  const { vertexCount, jointCount, shapeCount, faces } = model;
  const name = options.name ?? 'hand';
  const document = new Document();

  assertFrame(options.frame, 'writeSkinnedGlb');
  const base = baseVertices(model, resolved);
  const shaped = base.map((value, i) => {
    for (let s = 0; s < morphTargets; s++) value += betas[s]! * model.shapeDirs[i * shapeCount + s]!;
    return value;
  });
  const unposed = displayMesh({ vertices: base, faces, colors: options.colors }, { frame: 'y-up' }, 'writeSkinnedGlb');
  const primitive = glbPrimitive(document, unposed, name, shaped);
  const influences = skinInfluences(model, options.influences);
  for (let set = 0; set < influences.setCount; set++) {
    primitive
      .setAttribute(`JOINTS_${set}`, glbAccessor(document, 'VEC4', influences.joints[set]!))
      .setAttribute(`WEIGHTS_${set}`, glbAccessor(document, 'VEC4', influences.weights[set]!));
  }
  const targetNames = Array.from({ length: morphTargets }, (_, s) => `shape${s}`);
  targetNames.forEach((targetName, s) => {
    const direction = Float32Array.from({ length: vertexCount * 3 }, (_, i) => model.shapeDirs[i * shapeCount + s]!);
    const target = document.createPrimitiveTarget(targetName);
    primitive.addTarget(target.setAttribute('POSITION', glbAccessor(document, 'VEC3', direction)));
  });
  const mesh = document.createMesh(name).addPrimitive(primitive);
  if (morphTargets > 0) mesh.setWeights([...betas.subarray(0, morphTargets)]).setExtras({ targetNames });

  const { restJoints } = shapeIdentity(model, betas);
  const joints = jointNodes(document, model, restJoints, resolved);
  const inverseBinds = new Float32Array(jointCount * 16);
  for (let j = 0; j < jointCount; j++) {
    for (let i = 0; i < 4; i++) inverseBinds[j * 16 + i * 5] = 1;
    for (let i = 0; i < 3; i++) inverseBinds[j * 16 + 12 + i] = -restJoints[j * 3 + i]!;
  }
  const skin = document.createSkin(name).setInverseBindMatrices(glbAccessor(document, 'MAT4', inverseBinds));
  joints.forEach((joint) => skin.addJoint(joint));
  const roots = joints.filter((_, j) => model.parents[j]! < 0);
  skin.setSkeleton(roots[0]!);

  // the change of axes is a half turn about x, of the skeleton, which takes the skinned vertices along
  const flip = options.frame === 'image' ? -1 : 1;
  const armature = document
    .createNode(`${name} skeleton`)
    .setTranslation([transl[0]!, flip * transl[1]!, flip * transl[2]!])
    .setRotation(flip < 0 ? [1, 0, 0, 0] : [0, 0, 0, 1]);
  roots.forEach((root) => armature.addChild(root));
  const surface = document.createNode(name).setMesh(mesh).setSkin(skin);
  document.getRoot().setDefaultScene(document.createScene(name).addChild(surface).addChild(armature));
  return new WebIO().writeBinary(document);
}
