import { BODY_PARENTS, HAND_PARENTS } from './synthetic-model.js';

/** Sizes of a published model: V vertices, S shape and expression coefficients, and its tree. */
export interface Topology {
  readonly name: string;
  readonly vertexCount: number;
  readonly shapeCount: number;
  readonly parents: readonly number[];
}

/** The 15 finger joints of a hand whose wrist is joint `wrist` and whose first finger joint is `first`. */
const fingers = (wrist: number, first: number) =>
  HAND_PARENTS.slice(1).map((parent) => (parent === 0 ? wrist : parent - 1 + first));

/** SMPL without its two hand joints. */
const BODY_22 = BODY_PARENTS.slice(0, 22);
const [LEFT_WRIST, RIGHT_WRIST, HEAD] = [20, 21, 15];

/** Published facts: numbers of vertices, joints and coefficients, and which joint hangs on which. */
export const TOPOLOGIES: readonly Topology[] = [
  { name: 'MANO', vertexCount: 778, shapeCount: 10, parents: HAND_PARENTS },
  { name: 'SMPL', vertexCount: 6890, shapeCount: 10, parents: BODY_PARENTS },
  {
    name: 'SMPL-H',
    vertexCount: 6890,
    shapeCount: 16,
    parents: [...BODY_22, ...fingers(LEFT_WRIST, 22), ...fingers(RIGHT_WRIST, 37)],
  },
  {
    name: 'SMPL-X', // ten shape and ten expression coefficients; jaw and eyes hang on the head
    vertexCount: 10475,
    shapeCount: 20,
    parents: [...BODY_22, HEAD, HEAD, HEAD, ...fingers(LEFT_WRIST, 25), ...fingers(RIGHT_WRIST, 40)],
  },
  {
    name: 'FLAME', // root, neck, jaw, two eyes; 300 shape and 100 expression coefficients
    vertexCount: 5023,
    shapeCount: 400,
    parents: [-1, 0, 1, 1, 1],
  },
];
