import type { GpuProgram } from '../../backend/run-program.js';
import { keptCode, layoutCode, type ModelSizes } from './layout.js';
import { CONSTANTS, read, write } from './pose-program.js';

export const VERTEX_THREADS = 64;

export interface VertexGradientForm extends ModelSizes {
  readonly vertices: boolean;
  readonly points: boolean;
  readonly transl: boolean;
}

/**
 * The first program of the gradient: from those of the results to those of each vertex before centring, and of each
 * unskinned vertex; of joints and points too. `between` holds, for each item, the first two in blocks of 24, then joints, then
 * points and centre.
 */
export function vertexGradientProgram(form: VertexGradientForm): GpuProgram {
  const { vertices, points, transl } = form;
  return {
    key: `opposable vertex gradient ${JSON.stringify(form)}`,
    bindings: [
      write('between'),
      ...CONSTANTS,
      read('kept'),
      read('dJoints'),
      ...(vertices ? [read('dVertices')] : []),
      ...(points ? [read('dPoints')] : []),
      ...(transl ? [write('dTransl')] : []),
    ],
    code: () => `
${layoutCode(form)}${keptCode(true)}

const THREADS = ${VERTEX_THREADS}u;
var<workgroup> sums: array<vec3f, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let item_index = item_of(group);
  let item = kept_floats() * item_index;
  if (item >= arrayLength(&kept)) { return; }
  let unit = values[scale_at()];
  let outputs = outputs_at();
  let rows = pointRows_at();
  let has_center = center_at() != 0u;
  let point_count = rows - select(0u, 1u, has_center);

  // Σ of all gradients: of the translation, and less it of the centre. Every workgroup adds it up for itself.
  var sum = vec3f();
  ${vertices ? 'for (var v = thread; v < outputs; v += THREADS) { let at = 3u * (outputs * item_index + v); sum += vec3f(dVertices[at], dVertices[at + 1u], dVertices[at + 2u]); }' : ''}
  for (var j = thread; j < JOINTS; j += THREADS) { let at = 3u * (JOINTS * item_index + j); sum += vec3f(dJoints[at], dJoints[at + 1u], dJoints[at + 2u]); }
  ${points ? 'for (var p = thread; p < point_count; p += THREADS) { let at = 3u * (point_count * item_index + p); sum += vec3f(dPoints[at], dPoints[at + 1u], dPoints[at + 2u]); }' : ''}
  sums[thread] = unit * sum;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) { sums[thread] += sums[thread + half]; }
  }
  workgroupBarrier();
  let total = sums[0];

  let coordinates = 24u * blocks_at();
  let own = (2u * coordinates + 3u * JOINTS + 3u * rows) * item_index;
  if (group.x == 0u) {
    for (var place = thread; place < 3u * JOINTS; place += THREADS) {
      let joint = place / 3u;
      var gradient = unit * dJoints[3u * JOINTS * item_index + place];
      for (var row = 0u; row < rows; row++) {
        for (var term = word(jointTermStarts_at() + row); term < word(jointTermStarts_at() + row + 1u); term++) {
          if (word(jointTermJoints_at() + term) != joint) { continue; }
          gradient += values[jointTermWeights_at() + term] * row_gradient(item_index, row, point_count, total, unit)[place % 3u];
        }
      }
      between[own + 2u * coordinates + place] = gradient;
    }
    ${transl ? 'if (thread < 3u) { dTransl[3u * item_index + thread] = total[thread]; }' : ''}
  }

  let vertex = THREADS * group.x + thread;
  if (vertex >= 8u * blocks_at()) { return; }
  var gradient = vec3f();
  var unskinned = vec3f();
  if (vertex < vertices_at()) {
    ${vertices ? 'if (vertex < outputs) { let at = 3u * (outputs * item_index + vertex); gradient = unit * vec3f(dVertices[at], dVertices[at + 1u], dVertices[at + 2u]); }' : ''}
    for (var term = word(vertexTermStarts_at() + vertex); term < word(vertexTermStarts_at() + vertex + 1u); term++) {
      gradient += values[vertexTermWeights_at() + term] * row_gradient(item_index, word(vertexTermRows_at() + term), point_count, total, unit);
    }
    for (var place = word(weightStarts_at() + vertex); place < word(weightStarts_at() + vertex + 1u); place++) {
      unskinned += values[weights_at() + place] * (gradient * turn_of(item, word(weightJoints_at() + place)));
    }
  }
  for (var c = 0u; c < 3u; c++) {
    between[own + 3u * vertex + c] = gradient[c];
    between[own + coordinates + 3u * vertex + c] = unskinned[c];
  }
}

fn row_gradient(item_index: u32, row: u32, point_count: u32, total: vec3f, unit: f32) -> vec3f {
  if (row == point_count) { return -total; }
  let at = 3u * (point_count * item_index + row);
  return ${points ? 'unit * vec3f(dPoints[at], dPoints[at + 1u], dPoints[at + 2u])' : 'vec3f()'};
}
`,
  };
}
