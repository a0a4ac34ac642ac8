// Microseconds on one core (AMD EPYC, 2024; Node 20, no relaxed SIMD), 778 vertices, 16 joints, dense correctives, four weights a
// vertex; T is a 1024³ product of the shipped backend, 44 ms, 49 GFLOP/s. "Basis" is the product of correctives and shapes alone.
//
//   batch                    1      8     64     256
//   forward                 25    125    960    4100     T/1700  T/350  T/46  T/10.7
//     rotations and chain    3     10     64
//     basis                 15     89    660             (61 GFLOP/s; 44 at a batch of one, where every number is read once)
//   forward and backward    79    285   2160    9900     T/560   T/155  T/20  T/4.5
//
// Dead ends:
// - groups of four items, for the last two to four of a batch: one vector of items leaves eight loads to nine multiply-adds, and
//   V8 took 110 µs for four items where it takes 89 for eight. One by one they take 25 each;
// - the distance of the rows of a group as a variable: 336 instead of 300 µs for all but the basis at a batch of 64, because of the
//   additions that constant offsets of loads save;
// - all groups for 2, 8, 16 or 98 blocks at a time: no difference at this size (the basis is 1.4 MB). Eight is kept for bodies, whose
//   basis of up to 64 MB is read once for all groups and not once for each;
// - fused multiply-add (relaxed SIMD): no faster here, loads and additions already keep pace.
import { narrow, restJointsIn, rotationsIn, spareIn, transformsIn, widen } from './item';
import {
  basisOf,
  BLOCK,
  ROW_BYTES,
  BLOCK_ROWS,
  BLOCK_SCRATCH,
  blockCountOf,
  blockFeaturesOf,
  blockShapesOf,
  blockStartsOf,
  centerOf,
  featureRowsOf,
  featuresOf,
  forwardRows,
  groupsAt,
  itemBytes,
  jointCountOf,
  jointTermJointsOf,
  jointTermStartsOf,
  jointTermWeightsOf,
  outputCountOf,
  pointRowsOf,
  savedOfPlace,
  savedOfItem,
  scaleOf,
  shapeCountOf,
  templateOf,
  vertexCountOf,
  widthOf,
} from './layout';
import { chainTransforms, poseRotations, shapeJoints } from './pose-item';
import { multiply1, multiply8 } from './product';
import { skin1, skin4 } from './skin';
import { itemsToRows, rowsToItems } from './transpose';

/** Blocks that are computed for all groups in turn, so that their part of the basis stays in the cache. */
const CHUNK: i32 = 8;

/** Bytes of one prepared identity: rest vertices in whole blocks, then rest joints. */
export function identityBytes(table: usize): usize {
  return (<usize>(BLOCK_ROWS * blockCountOf(table) + 3 * jointCountOf(table))) << 2;
}

/** betas and R − I of an item into the lane of its group. */
function writeFeatures(table: usize, betas: usize, item: usize, to: usize, row: usize): void {
  const shapes = shapeCountOf(table);
  for (let s = 0; s < shapes; s++) {
    store<f32>(to, betas !== 0 ? load<f32>(betas + ((<usize>s) << 2)) : 0);
    to += row;
  }
  const joints = jointCountOf(table);
  let from = rotationsIn(table, item) + 72;
  for (let j = 1; j < joints; j++) {
    for (let k = 0; k < 9; k++) {
      store<f32>(to, <f32>(load<f64>(from) - (k % 4 === 0 ? 1 : 0)));
      from += 8;
      to += row;
    }
  }
  store<f32>(to, 0);
}

/** [R_G | t_G − R_G · J] of an item into the lane of its group: rows of transforms, or their columns. */
export function writeSkinTransforms(table: usize, item: usize, to: usize, row: usize, columns: bool): void {
  const joints = jointCountOf(table);
  let from = transformsIn(table, item);
  let rest = restJointsIn(table, item);
  const iStep: usize = columns ? row : 4 * row;
  const kStep: usize = columns ? 3 * row : row;
  for (let j = 0; j < joints; j++) {
    const x = load<f64>(rest);
    const y = load<f64>(rest, 8);
    const z = load<f64>(rest, 16);
    for (let i: usize = 0; i < 3; i++) {
      const r0 = load<f64>(from);
      const r1 = load<f64>(from, 8);
      const r2 = load<f64>(from, 16);
      const at = to + i * iStep;
      store<f32>(at, <f32>r0);
      store<f32>(at + kStep, <f32>r1);
      store<f32>(at + 2 * kStep, <f32>r2);
      store<f32>(at + 3 * kStep, <f32>(load<f64>(from, 24) - (r0 * x + r1 * y + r2 * z)));
      from += 32;
    }
    rest += 24;
    to += 12 * row;
  }
}

/** The part of the points and of the centre that comes from joints, and the joints themselves, not yet placed. */
function writeJoints(table: usize, values: usize, item: usize, points: usize, row: usize, joints: usize): void {
  const transforms = transformsIn(table, item);
  const starts = jointTermStartsOf(table);
  const rows = pointRowsOf(table);
  for (let r = 0; r < rows; r++) {
    let x: f64 = 0;
    let y: f64 = 0;
    let z: f64 = 0;
    const end = load<i32>(starts + ((<usize>r) << 2), 4);
    for (let e = load<i32>(starts + ((<usize>r) << 2)); e < end; e++) {
      const place = (<usize>e) << 2;
      const weight = <f64>load<f32>(jointTermWeightsOf(table, values) + place);
      const from = transforms + <usize>load<i32>(jointTermJointsOf(table) + place) * 96;
      x += weight * load<f64>(from, 24);
      y += weight * load<f64>(from, 56);
      z += weight * load<f64>(from, 88);
    }
    store<f32>(points, <f32>x);
    store<f32>(points + row, <f32>y);
    store<f32>(points + 2 * row, <f32>z);
    points += 3 * row;
  }
  const count = jointCountOf(table);
  for (let j = 0; j < count; j++) {
    const from = transforms + <usize>j * 96;
    const to = joints + <usize>j * 12;
    store<f32>(to, <f32>load<f64>(from, 24));
    store<f32>(to, <f32>load<f64>(from, 56), 4);
    store<f32>(to, <f32>load<f64>(from, 88), 8);
  }
}

/** What the gradient needs of an item beside the posed rest vertices. */
function saveItem(table: usize, item: usize, world: usize, saved: usize): void {
  const joints = jointCountOf(table);
  narrow(item, 27 * joints, saved);
  const to = saved + ((<usize>(27 * joints)) << 2);
  if (world !== 0) {
    memory.copy(to, world, 36);
  } else {
    for (let k: usize = 0; k < 9; k++) store<f32>(to + 4 * k, k % 4 === 0 ? 1 : 0);
  }
}

/** The same numbers in every lane. */
function spreadRows(from: usize, count: i32, row: usize, to: usize): void {
  for (let r = 0; r < count; r++) {
    const value = v128.load32_splat(from);
    for (let lane: usize = 0; lane < row; lane += 16) v128.store(to + lane, value);
    from += 4;
    to += row;
  }
}

/** Posed rest vertices of a block of a group. */
export function poseBlock(
  table: usize,
  values: usize,
  block: i32,
  width: i32,
  items: i32,
  features: usize,
  identity: usize,
  identityStep: usize,
  out: usize,
): void {
  const place = (<usize>block) << 2;
  const start = load<i32>(blockStartsOf(table) + place);
  const shapes = identity !== 0 ? load<i32>(blockShapesOf(table) + place) : 0;
  const count = load<i32>(blockFeaturesOf(table) + place) - shapes;
  const list = featuresOf(table) + ((<usize>(start + shapes)) << 2);
  const basis = basisOf(table, values) + <usize>(start + shapes) * ROW_BYTES;
  const from = (identity !== 0 ? identity : templateOf(table, values)) + <usize>block * ROW_BYTES;
  if (width === 1) {
    memory.copy(out, from, ROW_BYTES);
    multiply1(basis, list, count, features, out);
    return;
  }
  if (identity !== 0 && identityStep !== 0) itemsToRows(from, identityStep, BLOCK_ROWS, width, items, 1, out);
  else spreadRows(from, BLOCK_ROWS, (<usize>width) << 2, out);
  multiply8(basis, list, count, features, out);
}

/**
 * The whole model: output = scale · (posed − centre + transl).
 *
 * @param table the packed model, with `values`
 * @param betas [B, S]; 0 with an identity
 * @param identity [1 or B] prepared identities, 0 for none; `identityStep` bytes from one to the next (0 for one)
 * @param root first rotation of an item: [3], or [9] with `matrices`; `rootStep` bytes from item to item
 * @param pose pose numbers, or [J − 1, 9] with `matrices`; `poseStep` bytes from item to item
 * @param world [B, 9] or 0
 * @param transl [B, 3] or 0
 * @param vertices [B, V, 3] or 0
 * @param joints [B, J, 3]
 * @param points [B, N, 3] or 0
 * @param saved room for what the gradient needs, 0 for none
 * @param scratch room of `scratchBytes`
 */
export function modelForward(
  table: usize,
  values: usize,
  batch: i32,
  betas: usize,
  identity: usize,
  identityStep: usize,
  root: usize,
  rootStep: usize,
  pose: usize,
  poseStep: usize,
  matrices: i32,
  world: usize,
  transl: usize,
  vertices: usize,
  joints: usize,
  points: usize,
  saved: usize,
  scratch: usize,
): void {
  const jointCount = jointCountOf(table);
  const blocks = blockCountOf(table);
  const rows = (<usize>forwardRows(table)) << 2;
  const savedBytes = (<usize>savedOfPlace(table)) << 2;
  const groups = groupsAt(table, scratch);
  const featureRows = <usize>featureRowsOf(table);
  const pointRows = pointRowsOf(table);
  const center = centerOf(table);
  const scale = scaleOf(table, values);
  const item = scratch;
  const jointFloats = 3 * jointCount;

  for (let first = 0, width = 0; first < batch; first += width) {
    width = widthOf(batch - first);
    const row = (<usize>width) << 2;
    const group = groups + <usize>first * rows;
    const transforms = group + featureRows * row;
    const offset = transforms + <usize>(12 * jointCount) * row;
    const groupPoints = offset + 3 * row;
    for (let lane = 0; lane < width; lane++) {
      const b = min(first + lane, batch - 1); // empty places repeat the last item
      const at = (<usize>lane) << 2;
      const own = identity + <usize>b * identityStep;
      const itemBetas: usize = identity !== 0 ? 0 : betas + <usize>(b * shapeCountOf(table)) * 4;
      const itemWorld: usize = world !== 0 ? world + <usize>b * 36 : 0;
      if (identity !== 0) widen(own + <usize>blocks * ROW_BYTES, jointFloats, restJointsIn(table, item));
      else shapeJoints(table, values, itemBetas, restJointsIn(table, item));
      poseRotations(table, values, root + <usize>b * rootStep, pose + <usize>b * poseStep, matrices !== 0, item);
      chainTransforms(table, itemWorld, spareIn(table, item), item);
      writeFeatures(table, itemBetas, item, group + at, row);
      writeSkinTransforms(table, item, transforms + at, row, width === 1);
      writeJoints(table, values, item, groupPoints + at, row, joints + <usize>(b * jointFloats) * 4);
      for (let i: usize = 0; i < 3; i++) {
        let value: f32 = transl !== 0 ? load<f32>(transl + <usize>b * 12 + i * 4) : 0;
        if (center === 1) value -= load<f32>(groupPoints + at + (<usize>(3 * (pointRows - 1)) + i) * row);
        store<f32>(offset + at + i * row, value);
      }
      if (saved !== 0) {
        const room = saved + <usize>first * savedBytes + <usize>(blocks * BLOCK_ROWS) * row;
        saveItem(table, item, itemWorld, room + <usize>lane * ((<usize>savedOfItem(table)) << 2));
      }
    }
  }

  const vertexCount = vertexCountOf(table);
  const outputs = vertices !== 0 ? outputCountOf(table) : 0;
  const vertexBytes = <usize>outputs * 12;
  const blockRows = scratch + itemBytes(table);
  const skinned = blockRows + BLOCK_SCRATCH;
  for (let chunk = 0; chunk < blocks; chunk += CHUNK) {
    const lastBlock = min(chunk + CHUNK, blocks);
    for (let first = 0, width = 0; first < batch; first += width) {
      width = widthOf(batch - first);
      const items = min(width, batch - first);
      const row = (<usize>width) << 2;
      const group = groups + <usize>first * rows;
      const transforms = group + featureRows * row;
      const offset = transforms + <usize>(12 * jointCount) * row;
      const groupPoints = offset + 3 * row;
      const own = identity + <usize>first * identityStep;
      for (let block = chunk; block < lastBlock; block++) {
        const posed = saved !== 0 ? saved + <usize>first * savedBytes + <usize>(block * BLOCK_ROWS) * row : blockRows;
        poseBlock(table, values, block, width, items, group, own, identityStep, posed);
        const from = block * BLOCK;
        const to = min(from + BLOCK, vertexCount);
        const out = min(to, outputs) - from;
        if (width === 1) {
          skin1(table, values, from, to, posed, transforms, offset, scale, groupPoints, skinned);
          if (out > 0) memory.copy(vertices + <usize>first * vertexBytes + <usize>from * 12, skinned, <usize>out * 12);
          continue;
        }
        for (let lane: usize = 0; lane < row; lane += 16) {
          skin4(table, values, from, to, posed + lane, transforms + lane, offset + lane, scale, groupPoints + lane, skinned + lane); // prettier-ignore
        }
        if (out > 0) {
          rowsToItems(
            skinned,
            3 * out,
            width,
            items,
            vertices + <usize>first * vertexBytes + <usize>from * 12,
            vertexBytes,
          );
        }
      }
    }
  }

  // Joints and points are placed last: the centre may be made of vertices.
  const pointCount = center !== 0 ? pointRows - 1 : pointRows;
  for (let first = 0, width = 0; first < batch; first += width) {
    width = widthOf(batch - first);
    const items = min(width, batch - first);
    const row = (<usize>width) << 2;
    const offset = groups + <usize>first * rows + (featureRows + <usize>(12 * jointCount)) * row;
    const groupPoints = offset + 3 * row;
    for (let lane = 0; lane < items; lane++) {
      const b = <usize>(first + lane);
      const at = (<usize>lane) << 2;
      for (let i: usize = 0; i < 3; i++) {
        let shift = load<f32>(offset + at + i * row);
        if (center === 2) {
          const middle = load<f32>(groupPoints + at + (<usize>(3 * (pointRows - 1)) + i) * row);
          shift -= middle;
          addEverywhere(vertices + b * vertexBytes + i * 4, outputs, -scale * middle);
        }
        const itemJoints = joints + b * <usize>jointFloats * 4 + i * 4;
        for (let j = 0; j < jointCount; j++) {
          const to = itemJoints + <usize>j * 12;
          store<f32>(to, scale * (load<f32>(to) + shift));
        }
        const itemPoints = points + b * <usize>pointCount * 12 + i * 4;
        for (let n = 0; n < pointCount; n++) {
          store<f32>(
            itemPoints + <usize>n * 12,
            scale * (load<f32>(groupPoints + at + (<usize>(3 * n) + i) * row) + shift),
          );
        }
      }
    }
  }
}

/** Adds `value` to one coordinate of `count` points. */
function addEverywhere(at: usize, count: i32, value: f32): void {
  for (let v = 0; v < count; v++) {
    store<f32>(at, load<f32>(at) + value);
    at += 12;
  }
}

/**
 * Rest vertices in whole blocks and rest joints of every item: what the model needs of the shape coefficients.
 *
 * @param out [B] × `identityBytes`
 */
export function shapeIdentity(table: usize, values: usize, batch: i32, betas: usize, out: usize, scratch: usize): void {
  const shapes = shapeCountOf(table);
  const blocks = blockCountOf(table);
  const rest = restJointsIn(table, scratch);
  for (let b = 0; b < batch; b++) {
    const own = betas + <usize>(b * shapes) * 4;
    for (let block = 0; block < blocks; block++) {
      const place = (<usize>block) << 2;
      const start = load<i32>(blockStartsOf(table) + place);
      const to = out + <usize>block * ROW_BYTES;
      memory.copy(to, templateOf(table, values) + <usize>block * ROW_BYTES, ROW_BYTES);
      multiply1(
        basisOf(table, values) + <usize>start * ROW_BYTES,
        featuresOf(table) + ((<usize>start) << 2),
        load<i32>(blockShapesOf(table) + place),
        own,
        to,
      );
    }
    shapeJoints(table, values, own, rest);
    narrow(rest, 3 * jointCountOf(table), out + <usize>blocks * ROW_BYTES);
    out += identityBytes(table);
  }
}
