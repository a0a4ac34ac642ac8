import { FINGER_NAMES } from '@opposable/keypoint-order';
import { ConfigError } from '@opposable/tensor-checks';
import type { ManoModel, Side } from '../types.js';
import { assertManoTopology, hasManoTopology } from './mano-topology.js';

/** Names of the fingertip vertices that different projects chose on MANO's mesh. */
export type FingertipSet = 'smplx' | 'manopth' | '3dhand' | 'freihand' | 'ho3d';

/** A named set, the mesh's own landmarks, or five vertex ids: thumb, index, middle, ring, pinky. */
export type FingertipChoice = FingertipSet | 'landmarks' | readonly number[];

/**
 * Vertex ids on MANO's mesh in the sequence thumb, index, middle, ring, pinky. The sets differ by several millimetres:
 * joints published with one set must be compared with the same set.
 *
 * - `smplx`: smplx, the MANO authors' own layer, HaMeR
 * - `manopth`: manopth, manotorch, InterHand2.6M, I2L-MeshNet, Mesh Graphormer; the left hand's middle finger differs
 * - `3dhand`: 3dhand (Boukhayma et al.)
 * - `freihand`: the FreiHAND toolbox, S2HAND; FreiHAND's ground truth
 * - `ho3d`: HO-3D, HandMesh
 */
export const FINGERTIP_SETS: Readonly<Record<FingertipSet, Readonly<Record<Side, readonly number[]>>>> = {
  smplx: { right: [744, 320, 443, 554, 671], left: [744, 320, 443, 554, 671] },
  manopth: { right: [745, 317, 444, 556, 673], left: [745, 317, 445, 556, 673] },
  '3dhand': { right: [745, 333, 444, 555, 672], left: [745, 333, 444, 555, 672] },
  freihand: { right: [744, 320, 443, 555, 672], left: [744, 320, 443, 555, 672] },
  ho3d: { right: [744, 333, 444, 555, 672], left: [744, 333, 444, 555, 672] },
};

/** Vertices of MANO's mesh whose mean is the palm centre (manopth's choice). */
export const MANO_PALM_VERTICES: readonly number[] = [95, 22];

/**
 * The five fingertip vertices of a model.
 *
 * @param model a hand
 * @param choice a set by name, 'landmarks', or five ids; default the model's own landmarks, if it has any
 * @returns five vertex ids: thumb, index, middle, ring, pinky
 * @throws ConfigError if MANO's ids are asked of another mesh, if the model has no landmarks, or for unusable ids
 */
export function fingertipVertices(model: ManoModel, choice: FingertipChoice = 'landmarks'): number[] {
  const sets = Object.keys(FINGERTIP_SETS);
  if (choice === 'landmarks') {
    const { landmarks } = model;
    if (landmarks === undefined) {
      throw new ConfigError(
        `fingertipVertices: the model '${model.topology}' has no landmarks of its own; ` +
          `set fingertips to one of ${sets.join(', ')} or to five vertex ids (thumb, index, middle, ring, pinky).`,
        { expected: sets, actual: choice },
      );
    }
    return FINGER_NAMES.map((finger) => landmarks.fingertips[finger]);
  }
  if (typeof choice === 'string') {
    if (!Object.hasOwn(FINGERTIP_SETS, choice)) {
      throw new ConfigError(
        `fingertipVertices: expected fingertips to be landmarks, ${sets.join(', ')} or five vertex ids, got '${String(choice)}'.`,
        { expected: ['landmarks', ...sets], actual: choice },
      );
    }
    assertManoTopology(model, 'fingertipVertices', `the fingertip set '${choice}'`);
    return [...FINGERTIP_SETS[choice][model.side]];
  }
  const usable = (id: number) => Number.isInteger(id) && id >= 0 && id < model.vertexCount;
  if (!Array.isArray(choice) || choice.length !== 5 || !choice.every(usable)) {
    throw new ConfigError(
      `fingertipVertices: expected five vertex ids from 0 to ${model.vertexCount - 1}, got [${String(choice)}].`,
      { expected: 5, actual: choice },
    );
  }
  return Array.from(choice as readonly number[]);
}

/**
 * The vertices whose mean is the centre of the palm: the model's landmarks, or manopth's two on MANO's mesh.
 *
 * @throws ConfigError if the mesh has neither
 */
export function palmVertices(model: ManoModel): number[] {
  if (model.landmarks !== undefined) return [...model.landmarks.palm];
  if (hasManoTopology(model)) return [...MANO_PALM_VERTICES];
  throw new ConfigError(
    `palmVertices: the model '${model.topology}' has no palm landmarks and is not MANO's mesh; give it landmarks.`,
    { expected: 'landmarks.palm' },
  );
}
