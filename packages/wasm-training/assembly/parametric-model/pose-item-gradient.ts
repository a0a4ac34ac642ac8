import {
  axisAnglesIn,
  clear,
  narrow,
  restGradientsIn,
  restJointsIn,
  rotationGradientsIn,
  rotationsIn,
  spareIn,
  transformGradientsIn,
  transformsIn,
} from './item';
import {
  componentRowsOf,
  hasComponents,
  jointCountOf,
  jointRowsOf,
  parentsOf,
  poseNumbersOf,
  shapeCountOf,
} from './layout';
import { rodriguesGradient } from './rotation';

/** at += value */
function add(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}

/** out[3] += aᵀ · x for the rotation part of a transform (rows of four) or a 3 × 3 matrix (rows of three). */
function addTransposedTimes(a: usize, rowBytes: usize, x: usize, xStep: usize, out: usize, sign: f64): void {
  const x0 = sign * load<f64>(x);
  const x1 = sign * load<f64>(x + xStep);
  const x2 = sign * load<f64>(x + 2 * xStep);
  const a1 = a + rowBytes;
  const a2 = a1 + rowBytes;
  add(out, load<f64>(a) * x0 + load<f64>(a1) * x1 + load<f64>(a2) * x2);
  add(out + 8, load<f64>(a, 8) * x0 + load<f64>(a1, 8) * x1 + load<f64>(a2, 8) * x2);
  add(out + 16, load<f64>(a, 16) * x0 + load<f64>(a1, 16) * x1 + load<f64>(a2, 16) * x2);
}

/**
 * From the gradient of the skinning transforms [R_G | t_G − R_G · J] to that of the transforms G and rest joints J.
 * `transformGradients` holds the first and receives the second.
 */
export function skinTransformsGradient(table: usize, item: usize): void {
  const joints = jointCountOf(table);
  let gradient = transformGradientsIn(table, item);
  let transform = transformsIn(table, item);
  let rest = restJointsIn(table, item);
  let restGradient = restGradientsIn(table, item);
  for (let j = 0; j < joints; j++) {
    addTransposedTimes(transform, 32, gradient + 24, 32, restGradient, -1);
    for (let i: usize = 0; i < 3; i++) {
      const row = gradient + i * 32;
      const t = load<f64>(row, 24);
      add(row, -t * load<f64>(rest));
      add(row + 8, -t * load<f64>(rest, 8));
      add(row + 16, -t * load<f64>(rest, 16));
    }
    gradient += 96;
    transform += 96;
    rest += 24;
    restGradient += 24;
  }
}

/** out[3, 3] (+)= aᵀ · b with a's rows of `aBytes`, b's of 32 bytes. */
function transposedProduct(a: usize, aBytes: usize, b: usize, out: usize): void {
  for (let i: usize = 0; i < 3; i++) {
    const a0 = load<f64>(a + i * 8);
    const a1 = load<f64>(a + aBytes + i * 8);
    const a2 = load<f64>(a + 2 * aBytes + i * 8);
    const row = out + i * 24;
    add(row, a0 * load<f64>(b) + a1 * load<f64>(b, 32) + a2 * load<f64>(b, 64));
    add(row + 8, a0 * load<f64>(b, 8) + a1 * load<f64>(b, 40) + a2 * load<f64>(b, 72));
    add(row + 16, a0 * load<f64>(b, 16) + a1 * load<f64>(b, 48) + a2 * load<f64>(b, 80));
  }
}

/** out[3, 3] (rows of `outBytes`) += g · rᵀ + t ⊗ v: g and t from a transform gradient, r [3, 3], v [3]. */
function addOuter(g: usize, r: usize, v0: f64, v1: f64, v2: f64, out: usize, outBytes: usize): void {
  for (let i: usize = 0; i < 3; i++) {
    const row = g + i * 32;
    const g0 = load<f64>(row);
    const g1 = load<f64>(row, 8);
    const g2 = load<f64>(row, 16);
    const t = load<f64>(row, 24);
    const to = out + i * outBytes;
    add(to, g0 * load<f64>(r) + g1 * load<f64>(r, 8) + g2 * load<f64>(r, 16) + t * v0);
    add(to + 8, g0 * load<f64>(r, 24) + g1 * load<f64>(r, 32) + g2 * load<f64>(r, 40) + t * v1);
    add(to + 16, g0 * load<f64>(r, 48) + g1 * load<f64>(r, 56) + g2 * load<f64>(r, 64) + t * v2);
  }
}

/**
 * The kinematic chain backwards: adds to the gradients of the rotations and rest joints.
 *
 * @param world [9] 8-byte numbers at the beginning of the spare room
 * @param worldGradient nine 8-byte numbers to be set, 0 for none
 */
export function chainGradient(table: usize, item: usize, worldGradient: usize): void {
  const joints = jointCountOf(table);
  const parents = parentsOf(table);
  const gradients = transformGradientsIn(table, item);
  const transforms = transformsIn(table, item);
  const rotations = rotationsIn(table, item);
  const rotationGradients = rotationGradientsIn(table, item);
  const rest = restJointsIn(table, item);
  const restGradients = restGradientsIn(table, item);
  const bone = spareIn(table, item) + 20 * 8;
  for (let j = joints - 1; j > 0; j--) {
    const p = <usize>load<i32>(parents + ((<usize>j) << 2));
    const own = gradients + <usize>j * 96;
    const parent = gradients + p * 96;
    const parentTransform = transforms + p * 96;
    const rotation = rotations + <usize>j * 72;
    const from = rest + p * 24;
    const to = rest + <usize>j * 24;
    const x = load<f64>(to) - load<f64>(from);
    const y = load<f64>(to, 8) - load<f64>(from, 8);
    const z = load<f64>(to, 16) - load<f64>(from, 16);
    transposedProduct(parentTransform, 32, own, rotationGradients + <usize>j * 72);
    addOuter(own, rotation, x, y, z, parent, 32);
    for (let i: usize = 0; i < 3; i++) add(parent + i * 32 + 24, load<f64>(own + i * 32, 24));
    clear(bone, 3);
    addTransposedTimes(parentTransform, 32, own + 24, 32, bone, 1);
    for (let i: usize = 0; i < 3; i++) {
      const value = load<f64>(bone + i * 8);
      add(restGradients + <usize>j * 24 + i * 8, value);
      add(restGradients + p * 24 + i * 8, -value);
    }
  }
  const world = spareIn(table, item);
  transposedProduct(world, 24, gradients, rotationGradients);
  addTransposedTimes(world, 24, gradients + 24, 32, restGradients, 1);
  if (worldGradient !== 0) {
    clear(worldGradient, 9);
    addOuter(gradients, rotations, load<f64>(rest), load<f64>(rest, 8), load<f64>(rest, 16), worldGradient, 24);
  }
}

/** Gradients of the pose numbers and of the root's rotation, as they were given. */
export function poseGradient(table: usize, values: usize, item: usize, matrices: bool, root: usize, pose: usize): void {
  const joints = jointCountOf(table);
  let gradient = rotationGradientsIn(table, item);
  if (matrices) {
    narrow(gradient, 9, root);
    narrow(gradient + 72, 9 * (joints - 1), pose);
    return;
  }
  // The rotations are no longer needed: the gradients of the vectors take their place.
  const vectors = rotationsIn(table, item);
  let angle = axisAnglesIn(table, item);
  for (let j = 0; j < joints; j++) {
    rodriguesGradient(angle, gradient, vectors + <usize>j * 24);
    angle += 24;
    gradient += 72;
  }
  narrow(vectors, 3, root);
  const count = 3 * (joints - 1);
  if (!hasComponents(table)) {
    narrow(vectors + 24, count, pose);
    return;
  }
  const numbers = poseNumbersOf(table);
  let row = componentRowsOf(table, values);
  for (let n = 0; n < numbers; n++) {
    let sum: f64 = 0;
    for (let i = 0; i < count; i++) {
      sum += load<f64>(vectors + 24 + ((<usize>i) << 3)) * <f64>load<f32>(row);
      row += 4;
    }
    store<f32>(pose + ((<usize>n) << 2), <f32>sum);
  }
}

/** Gradient of the shape coefficients: what came through the vertices (rows [S] of the features) and through the joints. */
export function shapeGradient(
  table: usize,
  values: usize,
  item: usize,
  features: usize,
  lane: usize,
  betas: usize,
): void {
  const count = 3 * jointCountOf(table);
  const shapes = shapeCountOf(table);
  const rest = restGradientsIn(table, item);
  let row = jointRowsOf(table, values);
  for (let s = 0; s < shapes; s++) {
    let sum = <f64>load<f32>(features + <usize>s * lane);
    for (let i = 0; i < count; i++) {
      sum += load<f64>(rest + ((<usize>i) << 3)) * <f64>load<f32>(row);
      row += 4;
    }
    store<f32>(betas + ((<usize>s) << 2), <f32>sum);
  }
}
