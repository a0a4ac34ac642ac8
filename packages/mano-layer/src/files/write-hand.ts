import { axisAngleToMatrix } from '@opposable/geometry/host';
import { names } from '@opposable/keypoint-order';
import { linearBlendSkinning } from '@opposable/skinning/host';
import { ConfigError, ShapeError } from '@opposable/tensor-checks';
import { HAND_POSE_COUNT } from '../conventions/validate-mano-model.js';
import type { ManoModel } from '../types.js';
import type { MeshFileOptions } from './mesh.js';
import { writeObj } from './write-obj.js';
import { writePly } from './write-ply.js';
import { writeSkinnedGlb } from './write-skinned-glb.js';

/** 'glb': with skeleton and morph targets; the others: the posed mesh. */
export const HAND_FILE_FORMATS = ['glb', 'obj', 'ply', 'ply-ascii'] as const;
export type HandFileFormat = (typeof HAND_FILE_FORMATS)[number];

export interface WriteHandOptions extends MeshFileOptions {
  /** [S] shape coefficients. Default zeros. */
  readonly betas?: ArrayLike<number> | undefined;
  /** [45] axis-angle of the 15 finger joints, the mean included. Default zeros, the flat hand. */
  readonly handPose?: ArrayLike<number> | undefined;
  /** [3] axis-angle about the wrist. Default zeros. */
  readonly globalOrient?: ArrayLike<number> | undefined;
  /** [3] metres. Default zeros. */
  readonly transl?: ArrayLike<number> | undefined;
}

const JOINT_NAMES = names('mano-raw').slice(0, 16);

/**
 * A shaped and posed hand as a file, with normals and the model's colours: GLB with its skeleton, OBJ or PLY.
 *
 * @param model a hand
 * @param format 'glb', 'obj', 'ply' or 'ply-ascii'
 * @param options axes (`frame`), name, shape, absolute pose and place
 * @returns the bytes of the file
 * @throws ShapeError for numbers that do not fit the model; ConfigError for an unknown format or frame
 */
export async function writeHand(
  model: ManoModel,
  format: HandFileFormat,
  { betas, handPose, globalOrient = [0, 0, 0], transl = [0, 0, 0], ...file }: WriteHandOptions,
): Promise<Uint8Array> {
  if (!HAND_FILE_FORMATS.includes(format)) {
    throw new ConfigError(
      `writeHand: expected format to be one of ${HAND_FILE_FORMATS.join(', ')}, got '${String(format)}'.`,
      { expected: HAND_FILE_FORMATS, actual: format },
    );
  }
  const pose = [...Array.from(globalOrient), ...Array.from(handPose ?? new Float64Array(HAND_POSE_COUNT))];
  if (globalOrient.length !== 3 || pose.length !== 3 + HAND_POSE_COUNT) {
    throw new ShapeError(
      `writeHand: expected globalOrient of 3 and handPose of ${HAND_POSE_COUNT} numbers, ` +
        `got ${globalOrient.length} and ${pose.length - globalOrient.length}.`,
      { expected: [3, HAND_POSE_COUNT], actual: [globalOrient.length, pose.length - globalOrient.length] },
    );
  }
  const rotations = new Float64Array(JOINT_NAMES.length * 9);
  JOINT_NAMES.forEach((_, j) => rotations.set(axisAngleToMatrix(pose.slice(j * 3, j * 3 + 3)), j * 9));
  const posed = { betas: betas ?? new Float64Array(model.shapeCount), rotations, transl };
  const colors = model.vertexColors;
  if (format === 'glb') return writeSkinnedGlb(model, { ...file, ...posed, jointNames: JOINT_NAMES, colors });
  const mesh = { vertices: linearBlendSkinning(model, posed).vertices, faces: model.faces, colors };
  if (format === 'obj') return new TextEncoder().encode(writeObj(mesh, { ...file, normals: true }));
  return writePly(mesh, { ...file, format: format === 'ply' ? 'binary' : 'ascii' });
}
