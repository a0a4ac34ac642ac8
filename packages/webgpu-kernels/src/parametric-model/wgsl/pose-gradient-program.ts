import type { GpuProgram } from '../../backend/run-program.js';
import { keptCode, layoutCode, type ModelSizes } from './layout.js';
import { CONSTANTS, type PoseForm, poseNames, read, write } from './pose-program.js';
import { rotationCode } from './rotation.js';

/** Threads of the one workgroup of an item: as many as WebGPU promises. */
const THREADS = 256;

export interface PoseGradientForm extends ModelSizes {
  readonly pose: PoseForm;
  readonly betas: boolean;
  readonly worldRotation: boolean;
}

function poseOutputs({ pose, jointCount }: PoseGradientForm): string {
  if (pose === 'rotations') {
    return `for (var place = thread; place < 9u * JOINTS; place += THREADS) { dRotations[9u * JOINTS * item_index + place] = turn_gradients[place]; }`;
  }
  const hasPose = jointCount > 1;
  if (pose === 'matrices') {
    return `for (var place = thread; place < 9u * JOINTS; place += THREADS) {
      if (place < 9u) { dGlobalOrient[9u * item_index + place] = turn_gradients[place]; }
      ${hasPose ? 'else { dPose[9u * (JOINTS - 1u) * item_index + place - 9u] = turn_gradients[place]; }' : ''}
    }`;
  }
  return `for (var joint = thread; joint < JOINTS; joint += THREADS) {
    var m: array<f32, 9>;
    for (var k = 0u; k < 9u; k++) { m[k] = turn_gradients[9u * joint + k]; }
    let gradient = rotation_gradient(kept3(item + AXIS_ANGLES + 3u * joint), m);
    for (var c = 0u; c < 3u; c++) {
      bone_gradients[3u * joint + c] = gradient[c];
      if (joint == 0u) { dGlobalOrient[3u * item_index + c] = gradient[c]; }
    }
  }
  workgroupBarrier();
  ${
    hasPose
      ? `for (var n = thread; n < poseNumbers_at(); n += THREADS) {
    var sum = bone_gradients[3u + select(n, 0u, components_at() != 0u)];
    if (components_at() != 0u) {
      sum = 0.0;
      for (var k = 0u; k < 3u * (JOINTS - 1u); k++) { sum += values[componentRows_at() + 3u * (JOINTS - 1u) * n + k] * bone_gradients[3u + k]; }
    }
    dPose[poseNumbers_at() * item_index + n] = sum;
  }`
      : ''
  }`;
}

/** Names of the gradients of the pose, as they are bound. */
export const gradientNames = (form: Pick<PoseGradientForm, 'pose' | 'jointCount'>): string[] =>
  poseNames(form).map((name) => `d${name[0]!.toUpperCase()}${name.slice(1)}`);

/**
 * The second program of the gradient, one workgroup per item: sums over the vertices for each joint and each feature, back
 * along the kinematic chain, and through Rodrigues' formula.
 */
export function poseGradientProgram(form: PoseGradientForm): GpuProgram {
  const { jointCount, shapeCount, pose, betas, worldRotation } = form;
  return {
    key: `opposable pose gradient ${JSON.stringify(form)}`,
    bindings: [
      ...gradientNames(form).map(write),
      ...CONSTANTS,
      read('kept'),
      read('between'),
      ...(betas ? [write('dBetas')] : []),
      ...(worldRotation ? [write('dWorldRotation')] : []),
    ],
    code: () => `
${layoutCode(form)}${keptCode(true)}${pose === 'numbers' ? rotationCode : ''}

const THREADS = ${THREADS}u;
/** Of the transforms, rows of four: first of Σ w·g·uᵀ and Σ w·g, then of the transforms. */
var<workgroup> gradients: array<f32, ${12 * jointCount}>;
var<workgroup> turn_gradients: array<f32, ${9 * jointCount}>;
var<workgroup> rest_gradients: array<f32, ${3 * jointCount}>;
var<workgroup> bone_gradients: array<f32, ${3 * jointCount}>;
var<workgroup> feature_gradients: array<f32, ${Math.max(1, shapeCount + 9 * (jointCount - 1))}>;

fn position_gradient(joint: u32) -> vec3f {
  return vec3f(gradients[12u * joint + 3u], gradients[12u * joint + 7u], gradients[12u * joint + 11u]);
}
fn bone(item: u32, joint: u32) -> vec3f {
  let parent = table[parents_at() + joint];
  var value = kept3(item + REST + 3u * joint);
  if (parent >= 0) { value -= kept3(item + REST + 3u * u32(parent)); }
  return value;
}
/** The transform above a joint: of its parent, or the rotation of the world. */
fn above(item: u32, joint: u32) -> mat3x3f {
  let parent = table[parents_at() + joint];
  if (parent >= 0) { return turn_of(item, u32(parent)); }
  let at = item + WORLD;
  return mat3x3f(
    kept[at], kept[at + 3u], kept[at + 6u], kept[at + 1u], kept[at + 4u], kept[at + 7u], kept[at + 2u], kept[at + 5u], kept[at + 8u]);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let item_index = item_of(group);
  let item = kept_floats() * item_index;
  if (item >= arrayLength(&kept)) { return; }
  let coordinates = 24u * blocks_at();
  let own = (2u * coordinates + 3u * JOINTS + 3u * pointRows_at()) * item_index;

  for (var place = thread; place < 12u * JOINTS; place += THREADS) {
    let joint = place / 12u;
    let row = (place % 12u) / 4u;
    let column = place % 4u;
    var sum = 0.0;
    let end = word(jointStarts_at() + joint + 1u);
    for (var entry = word(jointStarts_at() + joint); entry < end; entry++) {
      let vertex = word(jointPairs_at() + 2u * entry);
      let share = values[weights_at() + word(jointPairs_at() + 2u * entry + 1u)] * between[own + 3u * vertex + row];
      if (column == 3u) { sum += share; } else { sum += share * (kept[item + posed_in() + 3u * vertex + column] - kept[item + REST + 3u * joint + column]); }
    }
    gradients[place] = sum;
  }
  for (var feature = thread; feature < FEATURES; feature += THREADS) {
    var sum = 0.0;
    let end = word(featureStarts_at() + feature + 1u);
    for (var entry = word(featureStarts_at() + feature); entry < end; entry++) {
      let moved = own + coordinates + 24u * word(featurePairs_at() + 2u * entry);
      let row = basis_at() + 24u * word(featurePairs_at() + 2u * entry + 1u);
      var part = 0.0;
      for (var k = 0u; k < 24u; k++) { part += values[row + k] * between[moved + k]; }
      sum += part;
    }
    feature_gradients[feature] = sum;
  }
  workgroupBarrier();

  // The vertices moved by R_G · (u − J) + t: −R_Gᵀ · Σ w·g for J; joints that are given out, or part of points, for t.
  for (var joint = thread; joint < JOINTS; joint += THREADS) {
    let pulled = position_gradient(joint) * turn_of(item, joint);
    for (var c = 0u; c < 3u; c++) {
      rest_gradients[3u * joint + c] = -pulled[c];
      gradients[12u * joint + 4u * c + 3u] += between[own + 2u * coordinates + 3u * joint + c];
    }
  }
  workgroupBarrier();

  // From the tips to the root: G_j = G_parent · [R_j | bone_j]. Twelve threads, one for each number of the parent's gradient.
  for (var joint = JOINTS - 1u; joint > 0u; joint--) {
    if (thread < 12u) {
      let parent = u32(table[parents_at() + joint]);
      let row = 12u * joint + 4u * (thread / 4u);
      let column = thread % 4u;
      var sum = gradients[row + 3u];
      if (column < 3u) {
        sum *= bone(item, joint)[column];
        for (var k = 0u; k < 3u; k++) { sum += gradients[row + k] * kept[item + ROTATIONS + 9u * joint + 3u * column + k]; }
      }
      gradients[12u * parent + thread] += sum;
    }
    workgroupBarrier();
  }
  for (var joint = thread; joint < JOINTS; joint += THREADS) {
    let parent = above(item, joint);
    let pulled = position_gradient(joint) * parent;
    for (var c = 0u; c < 3u; c++) {
      bone_gradients[3u * joint + c] = pulled[c];
      let column = vec3f(gradients[12u * joint + c], gradients[12u * joint + 4u + c], gradients[12u * joint + 8u + c]);
      let turned = column * parent;
      for (var i = 0u; i < 3u; i++) {
        var value = turned[i];
        if (joint > 0u) { value += feature_gradients[SHAPES + 9u * (joint - 1u) + 3u * i + c]; }
        turn_gradients[9u * joint + 3u * i + c] = value;
      }
    }
  }
  workgroupBarrier();

  ${
    worldRotation
      ? `if (thread < 9u) {
    let row = 4u * (thread / 3u);
    let column = thread % 3u;
    var sum = gradients[row + 3u] * kept[item + REST + column];
    for (var k = 0u; k < 3u; k++) { sum += gradients[row + k] * kept[item + ROTATIONS + 3u * column + k]; }
    dWorldRotation[9u * item_index + thread] = sum;
  }`
      : ''
  }
  ${
    betas
      ? `for (var place = thread; place < 3u * JOINTS; place += THREADS) {
    var sum = rest_gradients[place] + bone_gradients[place];
    for (var child = 1u; child < JOINTS; child++) {
      if (u32(table[parents_at() + child]) == place / 3u) { sum -= bone_gradients[3u * child + place % 3u]; }
    }
    rest_gradients[place] = sum;
  }
  workgroupBarrier();
  for (var s = thread; s < SHAPES; s += THREADS) {
    var sum = feature_gradients[s];
    for (var k = 0u; k < 3u * JOINTS; k++) { sum += values[jointRows_at() + 3u * JOINTS * s + k] * rest_gradients[k]; }
    dBetas[SHAPES * item_index + s] = sum;
  }`
      : ''
  }
  ${poseOutputs(form)}
}
`,
  };
}
