import { clear, restGradientsIn, rotationGradientsIn, spareIn, transformGradientsIn, widen, narrow } from './item';
import { writeSkinTransforms } from './forward';
import {
  backwardRows,
  basisOf,
  BLOCK,
  ROW_BYTES,
  BLOCK_ROWS,
  BLOCK_SCRATCH,
  blockCountOf,
  blockStartsOf,
  centerOf,
  featureRowsOf,
  featuresOf,
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
  vertexCountOf,
  widthOf,
} from './layout';
import { chainGradient, poseGradient, shapeGradient, skinTransformsGradient } from './pose-item-gradient';
import { multiplyTransposed1, multiplyTransposed8 } from './product-gradient';
import { skinGradient1, skinGradient4 } from './skin-gradient';
import { itemsToRows } from './transpose';

/** Blocks that are computed for all groups in turn, as in the forward pass. */
const CHUNK: i32 = 8;

/** Adds the sum of `count` points [count, 3] to the spare numbers at `sum`. */
function addPoints(from: usize, count: i32, sum: usize): void {
  // Twelve floats at a time: four points in three vectors.
  let a = f32x4.splat(0);
  let b = a;
  let c = a;
  let n = 0;
  for (; n + 4 <= count; n += 4) {
    a = f32x4.add(a, v128.load(from));
    b = f32x4.add(b, v128.load(from, 16));
    c = f32x4.add(c, v128.load(from, 32));
    from += 48;
  }
  let x = <f64>f32x4.extract_lane(a, 0) + <f64>f32x4.extract_lane(a, 3) + <f64>f32x4.extract_lane(b, 2) + <f64>f32x4.extract_lane(c, 1); // prettier-ignore
  let y = <f64>f32x4.extract_lane(a, 1) + <f64>f32x4.extract_lane(b, 0) + <f64>f32x4.extract_lane(b, 3) + <f64>f32x4.extract_lane(c, 2); // prettier-ignore
  let z = <f64>f32x4.extract_lane(a, 2) + <f64>f32x4.extract_lane(b, 1) + <f64>f32x4.extract_lane(c, 0) + <f64>f32x4.extract_lane(c, 3); // prettier-ignore
  for (; n < count; n++) {
    x += <f64>load<f32>(from);
    y += <f64>load<f32>(from, 4);
    z += <f64>load<f32>(from, 8);
    from += 12;
  }
  store<f64>(sum, load<f64>(sum) + x);
  store<f64>(sum, load<f64>(sum, 8) + y, 8);
  store<f64>(sum, load<f64>(sum, 16) + z, 16);
}

/**
 * The gradient of `modelForward` from those of its outputs and what it saved.
 *
 * @param dVertices [B, V, 3] or 0
 * @param dJoints [B, J, 3]
 * @param dPoints [B, N, 3] or 0
 * @param betas [B, S] to be written, 0 for none; likewise `root`, `pose`, `world` [B, 9], `transl` [B, 3]
 * @param scratch room of `scratchBytes`
 */
export function modelBackward(
  table: usize,
  values: usize,
  batch: i32,
  saved: usize,
  dVertices: usize,
  dJoints: usize,
  dPoints: usize,
  betas: usize,
  root: usize,
  rootStep: usize,
  pose: usize,
  poseStep: usize,
  matrices: i32,
  world: usize,
  transl: usize,
  scratch: usize,
): void {
  const jointCount = jointCountOf(table);
  const blocks = blockCountOf(table);
  const rows = (<usize>backwardRows(table)) << 2;
  const savedBytes = (<usize>savedOfPlace(table)) << 2;
  const savedItemBytes = (<usize>savedOfItem(table)) << 2;
  const groups = groupsAt(table, scratch);
  const featureRows = <usize>featureRowsOf(table);
  const transformRows = <usize>(12 * jointCount);
  const pointRows = pointRowsOf(table);
  const center = centerOf(table);
  const pointCount = center !== 0 ? pointRows - 1 : pointRows;
  const scale = scaleOf(table, values);
  const item = scratch;
  const vertexCount = vertexCountOf(table);
  const outputs = dVertices !== 0 ? outputCountOf(table) : 0;
  const vertexBytes = <usize>outputs * 12;
  const spare = spareIn(table, item);

  for (let first = 0, width = 0; first < batch; first += width) {
    width = widthOf(batch - first);
    const row = (<usize>width) << 2;
    const group = groups + <usize>first * rows;
    const transforms = group + featureRows * row;
    const points = transforms + 2 * transformRows * row;
    memory.fill(group, 0, featureRows * row);
    memory.fill(transforms + transformRows * row, 0, transformRows * row);
    memory.fill(points, 0, <usize>(3 * pointRows + 3) * row);
    for (let lane = 0; lane < width; lane++) {
      const b = first + lane;
      const at = (<usize>lane) << 2;
      const room =
        saved + <usize>first * savedBytes + <usize>(blocks * BLOCK_ROWS) * row + <usize>lane * savedItemBytes;
      widen(room, 24 * jointCount, item);
      writeSkinTransforms(table, item, transforms + at, row, false);
      if (b >= batch) continue;
      const from = dPoints + <usize>(b * pointCount) * 12;
      for (let n = 0; n < 3 * pointCount; n++) {
        store<f32>(points + at + <usize>n * row, scale * load<f32>(from + ((<usize>n) << 2)));
      }
      if (center === 0 && transl === 0) continue;
      clear(spare, 3);
      addPoints(dVertices + <usize>b * vertexBytes, outputs, spare);
      addPoints(dJoints + <usize>(b * jointCount) * 12, jointCount, spare);
      addPoints(from, pointCount, spare);
      for (let i: usize = 0; i < 3; i++) {
        const sum = scale * <f32>load<f64>(spare + i * 8);
        if (transl !== 0) store<f32>(transl + <usize>b * 12 + i * 4, sum);
        if (center !== 0) store<f32>(points + at + (<usize>(3 * pointCount) + i) * row, -sum);
      }
    }
  }

  const blockRows = scratch + itemBytes(table);
  const restRows = blockRows + BLOCK_SCRATCH;
  for (let chunk = 0; chunk < blocks; chunk += CHUNK) {
    const lastBlock = min(chunk + CHUNK, blocks);
    for (let first = 0, width = 0; first < batch; first += width) {
      width = widthOf(batch - first);
      const items = min(width, batch - first);
      const row = (<usize>width) << 2;
      const group = groups + <usize>first * rows;
      const transforms = group + featureRows * row;
      const transformGradients = transforms + transformRows * row;
      const points = transformGradients + transformRows * row;
      for (let block = chunk; block < lastBlock; block++) {
        const posed = saved + <usize>first * savedBytes + <usize>(block * BLOCK_ROWS) * row;
        const from = block * BLOCK;
        const to = min(from + BLOCK, vertexCount);
        const count = to - from;
        const given = max(min(to, outputs) - from, 0);
        if (given > 0) {
          itemsToRows(dVertices + <usize>first * vertexBytes + <usize>from * 12, vertexBytes, 3 * given, width, items, scale, blockRows); // prettier-ignore
        }
        memory.fill(blockRows + <usize>(3 * given) * row, 0, <usize>(BLOCK_ROWS - 3 * given) * row);
        const place = (<usize>block) << 2;
        const start = load<i32>(blockStartsOf(table) + place);
        const features = load<i32>(blockStartsOf(table) + place, 4) - start;
        const list = featuresOf(table) + ((<usize>start) << 2);
        const basis = basisOf(table, values) + <usize>start * ROW_BYTES;
        if (width === 1) {
          skinGradient1(table, values, from, to, posed, transforms, transformGradients, points, blockRows, restRows);
          if (count < BLOCK) memory.fill(restRows + <usize>count * 12, 0, <usize>(BLOCK - count) * 12);
          multiplyTransposed1(basis, list, features, restRows, group);
          continue;
        }
        for (let lane: usize = 0; lane < row; lane += 16) {
          skinGradient4(table, values, from, to, posed + lane, transforms + lane, transformGradients + lane, points + lane, blockRows + lane); // prettier-ignore
        }
        multiplyTransposed8(basis, list, features, blockRows, group);
      }
    }
  }

  const shapes = shapeCountOf(table);
  for (let first = 0, width = 0; first < batch; first += width) {
    width = widthOf(batch - first);
    const items = min(width, batch - first);
    const row = (<usize>width) << 2;
    const group = groups + <usize>first * rows;
    const transformGradients = group + (featureRows + transformRows) * row;
    const points = transformGradients + transformRows * row;
    for (let lane = 0; lane < items; lane++) {
      const b = first + lane;
      const at = (<usize>lane) << 2;
      const room =
        saved + <usize>first * savedBytes + <usize>(blocks * BLOCK_ROWS) * row + <usize>lane * savedItemBytes;
      widen(room, 27 * jointCount, item);
      widen(room + ((<usize>(27 * jointCount)) << 2), 9, spare);
      clear(restGradientsIn(table, item), 3 * jointCount);
      const gradients = transformGradientsIn(table, item);
      for (let k: usize = 0; k < transformRows; k++) {
        store<f64>(gradients + k * 8, <f64>load<f32>(transformGradients + at + k * row));
      }
      skinTransformsGradient(table, item);
      addJointGradients(table, values, points + at, row, dJoints + <usize>(b * jointCount) * 12, scale, gradients);
      const rotationGradients = rotationGradientsIn(table, item);
      clear(rotationGradients, 9);
      const corrective = group + at + <usize>shapes * row;
      for (let k: usize = 0; k < <usize>(9 * (jointCount - 1)); k++) {
        store<f64>(rotationGradients + 72 + k * 8, <f64>load<f32>(corrective + k * row));
      }
      const worldGradient: usize = world !== 0 ? spare + 9 * 8 : 0;
      chainGradient(table, item, worldGradient);
      if (world !== 0) narrow(worldGradient, 9, world + <usize>b * 36);
      if (betas !== 0) shapeGradient(table, values, item, group + at, row, betas + <usize>(b * shapes) * 4);
      poseGradient(table, values, item, matrices !== 0, root + <usize>b * rootStep, pose + <usize>b * poseStep);
    }
  }
}

/** Gradients of joints, alone and as parts of points, into the translations of the transforms. */
function addJointGradients(
  table: usize,
  values: usize,
  points: usize,
  row: usize,
  joints: usize,
  scale: f32,
  gradients: usize,
): void {
  const count = jointCountOf(table);
  for (let j = 0; j < count; j++) {
    for (let i: usize = 0; i < 3; i++) {
      const to = gradients + <usize>j * 96 + i * 32;
      store<f64>(to, load<f64>(to, 24) + <f64>(scale * load<f32>(joints + <usize>j * 12 + i * 4)), 24);
    }
  }
  const starts = jointTermStartsOf(table);
  const rows = pointRowsOf(table);
  for (let r = 0; r < rows; r++) {
    const end = load<i32>(starts + ((<usize>r) << 2), 4);
    for (let e = load<i32>(starts + ((<usize>r) << 2)); e < end; e++) {
      const place = (<usize>e) << 2;
      const weight = load<f32>(jointTermWeightsOf(table, values) + place);
      const to = gradients + <usize>load<i32>(jointTermJointsOf(table) + place) * 96;
      for (let i: usize = 0; i < 3; i++) {
        const at = to + i * 32;
        store<f64>(at, load<f64>(at, 24) + <f64>(weight * load<f32>(points + (<usize>(3 * r) + i) * row)), 24);
      }
    }
  }
}
