// The packed model: one table of 32-bit integers and one of floats, written by `packModel` of @opposable/skinning (its
// packed-model.ts describes them). Here are the places of the header, and the layout of what the kernels keep and save.

/** Vertices of a block. */
export const BLOCK: i32 = 8;
/** Coordinates of a block: numbers of the basis per feature, and of the rest vertices. */
export const BLOCK_ROWS: i32 = 24;
export const ROW_BYTES: usize = 96;
/** Bytes of a row of a group of eight items. */
export const GROUP_ROW: usize = 32;

// prettier-ignore
const enum Header {
  version, vertices, outputs, joints, shapes, blocks, pointRows, center, poseNumbers, components,
  parents, blockStarts, blockShapes, blockFeatures, features, weightStarts, weightJoints,
  jointTermStarts, jointTermJoints, vertexTermStarts, vertexTermRows,
  template, basis, jointTemplate, jointRows, weights, componentRows, poseMean, jointTermWeights, vertexTermWeights, scale,
}

function word(table: usize, place: i32): i32 {
  return load<i32>(table + ((<usize>place) << 2));
}

function part(table: usize, base: usize, place: i32): usize {
  return base + ((<usize>word(table, place)) << 2);
}

/** Vertices computed: those that are given out, then others that points are made of. */
export function vertexCountOf(table: usize): i32 { return word(table, Header.vertices); } // prettier-ignore
export function outputCountOf(table: usize): i32 { return word(table, Header.outputs); } // prettier-ignore
export function jointCountOf(table: usize): i32 { return word(table, Header.joints); } // prettier-ignore
export function shapeCountOf(table: usize): i32 { return word(table, Header.shapes); } // prettier-ignore
export function blockCountOf(table: usize): i32 { return word(table, Header.blocks); } // prettier-ignore
/** R, rows of points; the last one is the centre if there is one. */
export function pointRowsOf(table: usize): i32 { return word(table, Header.pointRows); } // prettier-ignore
/** 0 no centre, 1 a combination of joints, 2 of vertices too. */
export function centerOf(table: usize): i32 { return word(table, Header.center); } // prettier-ignore
export function poseNumbersOf(table: usize): i32 { return word(table, Header.poseNumbers); } // prettier-ignore
export function hasComponents(table: usize): bool { return word(table, Header.components) !== 0; } // prettier-ignore

export function parentsOf(table: usize): usize { return part(table, table, Header.parents); } // prettier-ignore
/** [blocks] place of a block in the feature list, and a 24th of its place in the basis. */
export function blockStartsOf(table: usize): usize { return part(table, table, Header.blockStarts); } // prettier-ignore
/** [blocks] how many features of a block are shape coefficients: they come first. */
export function blockShapesOf(table: usize): usize { return part(table, table, Header.blockShapes); } // prettier-ignore
/** [blocks] features of a block; its list is filled up to a multiple of four with the row that is always zero. */
export function blockFeaturesOf(table: usize): usize { return part(table, table, Header.blockFeatures); } // prettier-ignore
export function featuresOf(table: usize): usize { return part(table, table, Header.features); } // prettier-ignore
export function weightStartsOf(table: usize): usize { return part(table, table, Header.weightStarts); } // prettier-ignore
export function weightJointsOf(table: usize): usize { return part(table, table, Header.weightJoints); } // prettier-ignore
export function jointTermStartsOf(table: usize): usize { return part(table, table, Header.jointTermStarts); } // prettier-ignore
export function jointTermJointsOf(table: usize): usize { return part(table, table, Header.jointTermJoints); } // prettier-ignore
export function vertexTermStartsOf(table: usize): usize { return part(table, table, Header.vertexTermStarts); } // prettier-ignore
export function vertexTermRowsOf(table: usize): usize { return part(table, table, Header.vertexTermRows); } // prettier-ignore

export function templateOf(table: usize, values: usize): usize { return part(table, values, Header.template); } // prettier-ignore
export function basisOf(table: usize, values: usize): usize { return part(table, values, Header.basis); } // prettier-ignore
export function jointTemplateOf(table: usize, values: usize): usize { return part(table, values, Header.jointTemplate); } // prettier-ignore
export function jointRowsOf(table: usize, values: usize): usize { return part(table, values, Header.jointRows); } // prettier-ignore
export function weightsOf(table: usize, values: usize): usize { return part(table, values, Header.weights); } // prettier-ignore
export function componentRowsOf(table: usize, values: usize): usize { return part(table, values, Header.componentRows); } // prettier-ignore
export function poseMeanOf(table: usize, values: usize): usize { return part(table, values, Header.poseMean); } // prettier-ignore
export function jointTermWeightsOf(table: usize, values: usize): usize { return part(table, values, Header.jointTermWeights); } // prettier-ignore
export function vertexTermWeightsOf(table: usize, values: usize): usize { return part(table, values, Header.vertexTermWeights); } // prettier-ignore
export function scaleOf(table: usize, values: usize): f32 { return load<f32>(part(table, values, Header.scale)); } // prettier-ignore

/** Rows of the features of an item: betas, R − I of joints 1 … J − 1, and a zero. */
export function featureRowsOf(table: usize): i32 {
  return shapeCountOf(table) + 9 * (jointCountOf(table) - 1) + 1;
}

/** Up to this many items are computed one by one, more as a group of eight with empty places. */
const SINGLES: i32 = 4;

/**
 * Items are computed in groups of eight, whose numbers lie side by side, and the last ones one by one.
 *
 * @param rest how many items are left
 * @returns how many places the next group has: 8 or 1
 */
export function widthOf(rest: i32): i32 {
  return rest > SINGLES ? 8 : 1;
}

/** Items with the empty places of the last group. */
export function paddedBatch(batch: i32): i32 {
  const rest = batch & 7;
  return rest > SINGLES ? batch - rest + 8 : batch;
}

// What the forward pass saves for its gradient, floats per item: the posed rest vertices of the group, [24 · blocks][width],
// then for each item rotations [J, 9], transforms [J, 12], rest joints [J, 3], axis-angle vectors [J, 3], world rotation [9].

export function savedOfItem(table: usize): i32 {
  return 27 * jointCountOf(table) + 9;
}

/** Floats saved for each place. */
export function savedOfPlace(table: usize): i32 {
  return BLOCK_ROWS * blockCountOf(table) + savedOfItem(table);
}

/** Floats saved for a batch. */
export function savedFloats(table: usize, batch: i32): i32 {
  return savedOfPlace(table) * paddedBatch(batch);
}

// Scratch memory: 8-byte numbers of one item, four blocks of [24][8] floats, then for each group [rows][width] floats.

/** Rotations [J, 9], transforms [J, 12], rest joints [J, 3], axis-angle [J, 3], the gradients of the first three, 32 more. */
export function itemBytes(table: usize): usize {
  return (<usize>(51 * jointCountOf(table) + 32)) << 3;
}

export const BLOCK_SCRATCH: usize = 768;

/** Forward: features, transforms [J, 12], offset [3], points [R, 3]. */
export function forwardRows(table: usize): i32 {
  return featureRowsOf(table) + 12 * jointCountOf(table) + 3 + 3 * pointRowsOf(table);
}

/** Backward: gradients of the features, transforms, their gradients, gradients of the points, sum of all gradients. */
export function backwardRows(table: usize): i32 {
  return featureRowsOf(table) + 24 * jointCountOf(table) + 3 + 3 * pointRowsOf(table);
}

/** Where the groups begin. */
export function groupsAt(table: usize, scratch: usize): usize {
  return scratch + itemBytes(table) + 2 * BLOCK_SCRATCH;
}

/** Bytes of scratch memory for `batch` items; rows of a single item are read in fours, 16 bytes past the last. */
export function scratchBytes(table: usize, batch: i32, backward: i32): i32 {
  const rows = backward !== 0 ? backwardRows(table) : forwardRows(table);
  return <i32>(itemBytes(table) + 2 * BLOCK_SCRATCH + <usize>rows * <usize>paddedBatch(batch) * 4 + 16);
}
