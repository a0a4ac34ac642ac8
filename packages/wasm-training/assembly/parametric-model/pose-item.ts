import { axisAnglesIn, multiply3, restJointsIn, rotationsIn, transformsIn, widen } from './item';
import {
  componentRowsOf,
  hasComponents,
  jointCountOf,
  jointRowsOf,
  jointTemplateOf,
  parentsOf,
  poseMeanOf,
  poseNumbersOf,
  shapeCountOf,
} from './layout';
import { rodrigues } from './rotation';

/** Rest joints of an item from its shape coefficients. */
export function shapeJoints(table: usize, values: usize, betas: usize, rest: usize): void {
  const count = 3 * jointCountOf(table);
  const shapes = shapeCountOf(table);
  widen(jointTemplateOf(table, values), count, rest);
  let row = jointRowsOf(table, values);
  for (let s = 0; s < shapes; s++) {
    const beta = <f64>load<f32>(betas + ((<usize>s) << 2));
    for (let i = 0; i < count; i++) {
      const at = rest + ((<usize>i) << 3);
      store<f64>(at, load<f64>(at) + beta * <f64>load<f32>(row));
      row += 4;
    }
  }
}

/** Axis-angle vectors of joints 1 … J − 1: mean + pose · components. */
function expandPose(table: usize, values: usize, pose: usize, out: usize): void {
  const count = 3 * (jointCountOf(table) - 1);
  widen(poseMeanOf(table, values), count, out);
  const numbers = poseNumbersOf(table);
  if (!hasComponents(table)) {
    for (let i = 0; i < count; i++) {
      const at = out + ((<usize>i) << 3);
      store<f64>(at, load<f64>(at) + <f64>load<f32>(pose + ((<usize>i) << 2)));
    }
    return;
  }
  let row = componentRowsOf(table, values);
  for (let n = 0; n < numbers; n++) {
    const coefficient = <f64>load<f32>(pose + ((<usize>n) << 2));
    for (let i = 0; i < count; i++) {
      const at = out + ((<usize>i) << 3);
      store<f64>(at, load<f64>(at) + coefficient * <f64>load<f32>(row));
      row += 4;
    }
  }
}

/**
 * Rotations of an item.
 *
 * @param root [3] axis-angle, or [9] as a matrix
 * @param pose numbers of the pose basis, or [J − 1, 9]
 */
export function poseRotations(
  table: usize,
  values: usize,
  root: usize,
  pose: usize,
  matrices: bool,
  item: usize,
): void {
  const rotations = rotationsIn(table, item);
  const joints = jointCountOf(table);
  if (matrices) {
    widen(root, 9, rotations);
    widen(pose, 9 * (joints - 1), rotations + 72);
    return;
  }
  let vector = axisAnglesIn(table, item);
  widen(root, 3, vector);
  expandPose(table, values, pose, vector + 24);
  let out = rotations;
  for (let j = 0; j < joints; j++) {
    rodrigues(vector, out);
    vector += 24;
    out += 72;
  }
}

/**
 * G_j = G_parent · [R_j | J_j − J_parent], G_0 = W · [R_0 | J_0], rows of four.
 *
 * @param world [9] as floats, 0 for none
 */
export function chainTransforms(table: usize, world: usize, spare: usize, item: usize): void {
  const joints = jointCountOf(table);
  const parents = parentsOf(table);
  const rest = restJointsIn(table, item);
  const transforms = transformsIn(table, item);
  const rotations = rotationsIn(table, item);
  if (world !== 0) {
    widen(world, 9, spare);
    multiply3(spare, rotations, 24, transforms, 32, 24);
    for (let i: usize = 0; i < 3; i++) {
      const row = spare + i * 24;
      const moved = load<f64>(row) * load<f64>(rest) + load<f64>(row, 8) * load<f64>(rest, 8) + load<f64>(row, 16) * load<f64>(rest, 16); // prettier-ignore
      store<f64>(transforms + i * 32, moved, 24);
    }
  } else {
    for (let i: usize = 0; i < 3; i++) {
      const row = transforms + i * 32;
      const from = rotations + i * 24;
      store<f64>(row, load<f64>(from));
      store<f64>(row, load<f64>(from, 8), 8);
      store<f64>(row, load<f64>(from, 16), 16);
      store<f64>(row, load<f64>(rest + i * 8), 24);
    }
  }
  for (let j = 1; j < joints; j++) {
    const p = <usize>load<i32>(parents + ((<usize>j) << 2));
    const parent = transforms + p * 96;
    const own = transforms + <usize>j * 96;
    multiply3(parent, rotations + <usize>j * 72, 24, own, 32, 32);
    const from = rest + p * 24;
    const to = rest + <usize>j * 24;
    const x = load<f64>(to) - load<f64>(from);
    const y = load<f64>(to, 8) - load<f64>(from, 8);
    const z = load<f64>(to, 16) - load<f64>(from, 16);
    for (let i: usize = 0; i < 3; i++) {
      const row = parent + i * 32;
      store<f64>(
        own + i * 32,
        load<f64>(row) * x + load<f64>(row, 8) * y + load<f64>(row, 16) * z + load<f64>(row, 24),
        24,
      );
    }
  }
}
