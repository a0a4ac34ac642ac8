// The packed model: one table of 32-bit integers and one of floats, written by `packModel` of @opposable/skinning. Its first
// 32 integers are sizes, and where each list begins in `table` or `values`.

const HEADER = [
  ...[
    'version',
    'vertices',
    'outputs',
    'joints',
    'shapes',
    'blocks',
    'pointRows',
    'center',
    'poseNumbers',
    'components',
  ],
  ...['parents', 'blockStarts', 'blockShapes', 'blockFeatures', 'features', 'weightStarts', 'weightJoints'],
  ...['jointTermStarts', 'jointTermJoints', 'vertexTermStarts', 'vertexTermRows'],
  ...['template', 'basis', 'jointTemplate', 'jointRows', 'weights', 'componentRows', 'poseMean'],
  ...['jointTermWeights', 'vertexTermWeights', 'scale', 'inverse'],
];

/** Lists the other way round, for gathering: their places stand where `inverse` says. */
const INVERSE = ['jointStarts', 'jointPairs', 'featureStarts', 'featurePairs', 'rowStarts', 'rowPairs'];

/** What the programs of a model are specialised by. */
export interface ModelSizes {
  readonly jointCount: number;
  readonly shapeCount: number;
}

/**
 * Numbers that the forward pass keeps for each item, one after the other; with `save` all of them outlive it.
 *
 * features (betas, then R − I of joints 1 … J − 1), rotations [J, 9], transforms [J, 12], rest joints [J, 3], axis-angle vectors
 * [J, 3], world rotation [9], points and centre [rows, 3], offset [3], posed vertices that points name [terms, 3], and the
 * unskinned vertices [blocks, 24] if they are saved.
 */
export function keptFloats(
  { jointCount: J, shapeCount: S }: ModelSizes,
  sizes: { rows: number; terms: number; blocks: number },
  save: boolean,
): number {
  return S + 9 * (J - 1) + 27 * J + 12 + 3 * sizes.rows + 3 * sizes.terms + (save ? 24 * sizes.blocks : 0);
}

/** Numbers of an item between the two programs of the gradient: those of vertices and unskinned vertices, joints, points. */
export function gradientFloats(jointCount: number, { rows, blocks }: { rows: number; blocks: number }): number {
  return 48 * blocks + 3 * jointCount + 3 * rows;
}

/** Declarations that every program of a model begins with. */
export function layoutCode({ jointCount, shapeCount }: ModelSizes): string {
  const header = HEADER.map((name, place) => `fn ${name}_at() -> u32 { return u32(table[${place}]); }\n`);
  const inverse = INVERSE.map(
    (name, place) => `fn ${name}_at() -> u32 { return u32(table[u32(table[31]) + ${place}u]); }\n`,
  );
  return `
const JOINTS = ${jointCount}u;
const SHAPES = ${shapeCount}u;
const FEATURES = ${shapeCount + 9 * (jointCount - 1)}u;
${header.join('')}${inverse.join('')}
fn word(at: u32) -> u32 { return u32(table[at]); }
fn item_of(group: vec3u) -> u32 { return group.y + 65535u * group.z; }
fn terms_count() -> u32 { return word(rowStarts_at() + pointRows_at()); }
fn value3(at: u32) -> vec3f { return vec3f(values[at], values[at + 1u], values[at + 2u]); }

// Places of what is kept of an item, from its beginning.
const ROTATIONS = FEATURES;
const TRANSFORMS = ROTATIONS + 9u * JOINTS;
const REST = TRANSFORMS + 12u * JOINTS;
const AXIS_ANGLES = REST + 3u * JOINTS;
const WORLD = AXIS_ANGLES + 3u * JOINTS;
const ROWS = WORLD + 9u;
fn offset_in() -> u32 { return ROWS + 3u * pointRows_at(); }
fn terms_in() -> u32 { return offset_in() + 3u; }
fn posed_in() -> u32 { return terms_in() + 3u * terms_count(); }
`;
}

/** For programs that read what is kept under the name `kept`. */
export function keptCode(saves: boolean): string {
  return `
fn kept_floats() -> u32 { return posed_in() + ${saves ? '24u * blocks_at()' : '0u'}; }
fn kept3(at: u32) -> vec3f { return vec3f(kept[at], kept[at + 1u], kept[at + 2u]); }
/** The rotation part of a joint's transform, as columns. */
fn turn_of(item: u32, joint: u32) -> mat3x3f {
  let at = item + TRANSFORMS + 12u * joint;
  return mat3x3f(
    kept[at], kept[at + 4u], kept[at + 8u],
    kept[at + 1u], kept[at + 5u], kept[at + 9u],
    kept[at + 2u], kept[at + 6u], kept[at + 10u]);
}
fn position_of(item: u32, joint: u32) -> vec3f {
  let at = item + TRANSFORMS + 12u * joint;
  return vec3f(kept[at + 3u], kept[at + 7u], kept[at + 11u]);
}
`;
}
