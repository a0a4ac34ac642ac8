import type { Binding, GpuProgram } from '../../backend/run-program.js';
import { keptCode, layoutCode, type ModelSizes } from './layout.js';
import { rotationCode } from './rotation.js';
import { verticesCode } from './vertices.js';

/** How a pose is given: all rotations in one tensor, or root and others apart, as numbers or as matrices. */
export type PoseForm = 'rotations' | 'numbers' | 'matrices';

/** Which tensors a model is called with. */
export interface ModelForm extends ModelSizes {
  readonly pose: PoseForm;
  readonly identity: boolean;
  readonly worldRotation: boolean;
  readonly transl: boolean;
  /** Whether the gradient will need what is kept. */
  readonly save: boolean;
}

export const read = (name: string, type: Binding['type'] = 'f32'): Binding => ({ name, type, access: 'read' });
export const write = (name: string): Binding => ({ name, type: 'f32', access: 'read_write' });
export const CONSTANTS: readonly Binding[] = [read('table', 'i32'), read('values')];

/** Names of the pose's tensors; one without elements is not bound. */
export function poseNames({ pose, jointCount }: Pick<ModelForm, 'pose' | 'jointCount'>): string[] {
  if (pose === 'rotations') return ['rotations'];
  return jointCount > 1 ? ['globalOrient', 'pose'] : ['globalOrient'];
}

/** Number c of axis-angle vector j. */
const axisAngle = `
fn axis_angle(item_index: u32, place: u32) -> f32 {
  if (place < 3u) { return globalOrient[3u * item_index + place]; }
  let numbers = poseNumbers_at();
  let k = place - 3u;
  var sum = values[poseMean_at() + k];
  if (components_at() == 0u) { return sum + POSE[numbers * item_index + k]; }
  for (var n = 0u; n < numbers; n++) {
    sum += POSE[numbers * item_index + n] * values[componentRows_at() + 3u * (JOINTS - 1u) * n + k];
  }
  return sum;
}
`;

function rotationOfJoint({ pose, jointCount }: ModelForm): string {
  if (pose === 'rotations')
    return 'for (var k = 0u; k < 9u; k++) { r[k] = rotations[9u * (JOINTS * item_index + joint) + k]; }';
  if (pose === 'matrices') {
    const others = jointCount > 1 ? 'pose[9u * ((JOINTS - 1u) * item_index + joint - 1u) + k]' : '0.0';
    return `for (var k = 0u; k < 9u; k++) {
      if (joint == 0u) { r[k] = globalOrient[9u * item_index + k]; } else { r[k] = ${others}; }
    }`;
  }
  return `var w: vec3f;
    for (var c = 0u; c < 3u; c++) { w[c] = axis_angle(item_index, 3u * joint + c); kept[item + AXIS_ANGLES + 3u * joint + c] = w[c]; }
    r = rotation_less_identity(w);
    if (joint > 0u) { for (var k = 0u; k < 9u; k++) { kept[item + SHAPES + 9u * (joint - 1u) + k] = r[k]; } }
    for (var k = 0u; k < 9u; k += 4u) { r[k] += 1.0; }`;
}

/**
 * The first program of the model, one workgroup per item: rotations, rest joints, transforms, and the points with the few
 * vertices that they name; all kept for the second program, which moves the vertices.
 */
export function poseProgram(form: ModelForm): GpuProgram {
  const { pose, identity, worldRotation, transl, save, shapeCount, jointCount } = form;
  const names = poseNames(form);
  const hasBetas = !identity && shapeCount > 0;
  return {
    key: `opposable pose ${JSON.stringify(form)}`,
    bindings: [
      write('kept'),
      ...CONSTANTS,
      ...(hasBetas ? [read('betas')] : []),
      ...(identity ? [read('identity')] : []),
      ...names.map((name) => read(name)),
      ...(worldRotation ? [read('worldRotation')] : []),
      ...(transl ? [read('transl')] : []),
    ],
    code: () => `
${layoutCode(form)}${keptCode(save)}${pose === 'numbers' ? rotationCode + axisAngle.replaceAll('POSE', jointCount > 1 ? 'pose' : 'globalOrient') : ''}
${verticesCode(identity)}

const THREADS = 64u;
var<workgroup> turns: array<f32, ${9 * jointCount}>;
var<workgroup> rests: array<f32, ${3 * jointCount}>;

fn rest_number(item_index: u32, place: u32) -> f32 {
  ${
    identity
      ? 'return identity[identity_of(item_index) + 24u * blocks_at() + place];'
      : `var sum = values[jointTemplate_at() + place];
  ${hasBetas ? 'for (var s = 0u; s < SHAPES; s++) { sum += betas[SHAPES * item_index + s] * values[jointRows_at() + 3u * JOINTS * s + place]; }' : ''}
  return sum;`
  }
}

fn turn(joint: u32) -> mat3x3f {
  let at = 9u * joint;
  return mat3x3f(
    turns[at], turns[at + 3u], turns[at + 6u],
    turns[at + 1u], turns[at + 4u], turns[at + 7u],
    turns[at + 2u], turns[at + 5u], turns[at + 8u]);
}
fn rest(joint: u32) -> vec3f { return vec3f(rests[3u * joint], rests[3u * joint + 1u], rests[3u * joint + 2u]); }

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let item_index = item_of(group);
  let item = kept_floats() * item_index;
  if (item >= arrayLength(&kept)) { return; }

  for (var joint = thread; joint < JOINTS; joint += THREADS) {
    var r: array<f32, 9>;
    ${rotationOfJoint(form)}
    for (var k = 0u; k < 9u; k++) { turns[9u * joint + k] = r[k]; kept[item + ROTATIONS + 9u * joint + k] = r[k]; }
    ${
      pose === 'numbers'
        ? ''
        : 'if (joint > 0u) { for (var k = 0u; k < 9u; k++) { kept[item + SHAPES + 9u * (joint - 1u) + k] = r[k] - select(0.0, 1.0, k % 4u == 0u); } }'
    }
    for (var c = 0u; c < 3u; c++) {
      let value = rest_number(item_index, 3u * joint + c);
      rests[3u * joint + c] = value;
      kept[item + REST + 3u * joint + c] = value;
    }
  }
  ${hasBetas ? 'for (var s = thread; s < SHAPES; s += THREADS) { kept[item + s] = betas[SHAPES * item_index + s]; }' : ''}
  if (thread < 9u) {
    kept[item + WORLD + thread] = ${worldRotation ? 'worldRotation[9u * item_index + thread]' : 'select(0.0, 1.0, thread % 4u == 0u)'};
  }
  workgroupBarrier();

  // G_j = W · Π [R_a | J_a − J_parent(a)] over the joints a from the root to j, each thread for its joint.
  for (var joint = thread; joint < JOINTS; joint += THREADS) {
    var rotation = turn(joint);
    var position = rest(joint);
    var parent = table[parents_at() + joint];
    if (parent >= 0) { position -= rest(u32(parent)); }
    while (parent >= 0) {
      let above = u32(parent);
      parent = table[parents_at() + above];
      var bone = rest(above);
      if (parent >= 0) { bone -= rest(u32(parent)); }
      position = turn(above) * position + bone;
      rotation = turn(above) * rotation;
    }
    ${
      worldRotation
        ? `let at = 9u * item_index;
    let world = mat3x3f(
      worldRotation[at], worldRotation[at + 3u], worldRotation[at + 6u],
      worldRotation[at + 1u], worldRotation[at + 4u], worldRotation[at + 7u],
      worldRotation[at + 2u], worldRotation[at + 5u], worldRotation[at + 8u]);
    position = world * position;
    rotation = world * rotation;`
        : ''
    }
    for (var i = 0u; i < 3u; i++) {
      let row = item + TRANSFORMS + 12u * joint + 4u * i;
      for (var c = 0u; c < 3u; c++) { kept[row + c] = rotation[c][i]; }
      kept[row + 3u] = position[i];
    }
  }
  storageBarrier();

  for (var term = thread; term < terms_count(); term += THREADS) {
    let vertex = word(rowPairs_at() + 2u * term);
    let posed = skinned(item, vertex, unskinned(item_index, item, vertex));
    for (var c = 0u; c < 3u; c++) { kept[item + terms_in() + 3u * term + c] = posed[c]; }
  }
  storageBarrier();

  for (var row = thread; row < pointRows_at(); row += THREADS) {
    var sum = vec3f();
    for (var place = word(jointTermStarts_at() + row); place < word(jointTermStarts_at() + row + 1u); place++) {
      sum += values[jointTermWeights_at() + place] * position_of(item, word(jointTermJoints_at() + place));
    }
    for (var place = word(rowStarts_at() + row); place < word(rowStarts_at() + row + 1u); place++) {
      sum += values[vertexTermWeights_at() + word(rowPairs_at() + 2u * place + 1u)] * kept3(item + terms_in() + 3u * place);
    }
    for (var c = 0u; c < 3u; c++) { kept[item + ROWS + 3u * row + c] = sum[c]; }
  }
  storageBarrier();

  if (thread < 3u) {
    var offset = ${transl ? 'transl[3u * item_index + thread]' : '0.0'};
    if (center_at() != 0u) { offset -= kept[item + offset_in() - 3u + thread]; }
    kept[item + offset_in() + thread] = offset;
  }
}
`,
  };
}
