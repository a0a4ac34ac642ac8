import type { GpuProgram } from '../../backend/run-program.js';
import { keptCode, layoutCode } from './layout.js';
import { CONSTANTS, type ModelForm, read, write } from './pose-program.js';
import { verticesCode } from './vertices.js';

/** Threads of a workgroup, each for one vertex, joint or point. */
export const SKIN_THREADS = 64;

/** Which results have elements. */
export interface OutputForm {
  readonly vertices: boolean;
  readonly points: boolean;
}

/** The second program of the model: every vertex moved by its joints, then all that is given out put in its place and unit. */
export function skinProgram(form: ModelForm, outputs: OutputForm): GpuProgram {
  const { jointCount, shapeCount, identity, save } = form;
  return {
    key: `opposable skin ${JSON.stringify({ jointCount, shapeCount, identity, save, ...outputs })}`,
    bindings: [
      write('joints'),
      ...CONSTANTS,
      write('kept'),
      ...(identity ? [read('identity')] : []),
      ...(outputs.vertices ? [write('vertices')] : []),
      ...(outputs.points ? [write('points')] : []),
    ],
    code: () => `
${layoutCode(form)}${keptCode(save)}${verticesCode(identity)}

@compute @workgroup_size(${SKIN_THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let item_index = item_of(group);
  let item = kept_floats() * item_index;
  if (item >= arrayLength(&kept)) { return; }
  let offset = kept3(item + offset_in());
  let unit = values[scale_at()];
  let place = ${SKIN_THREADS}u * group.x + thread;
  let count = vertices_at();
  if (place < count) {
    let shown = place < outputs_at();
    if (!shown && !${save}) { return; }
    let point = unskinned(item_index, item, place);
    ${save ? 'for (var c = 0u; c < 3u; c++) { kept[item + posed_in() + 3u * place + c] = point[c]; }' : ''}
    ${
      outputs.vertices
        ? `if (shown) {
      let moved = unit * (skinned(item, place, point) + offset);
      let at = 3u * (outputs_at() * item_index + place);
      for (var c = 0u; c < 3u; c++) { vertices[at + c] = moved[c]; }
    }`
        : ''
    }
    return;
  }
  let joint = place - count;
  if (joint < JOINTS) {
    let moved = unit * (position_of(item, joint) + offset);
    for (var c = 0u; c < 3u; c++) { joints[3u * (JOINTS * item_index + joint) + c] = moved[c]; }
    return;
  }
  ${
    outputs.points
      ? `let row = joint - JOINTS;
  let rows = pointRows_at() - select(0u, 1u, center_at() != 0u);
  if (row < rows) {
    let moved = unit * (kept3(item + ROWS + 3u * row) + offset);
    for (var c = 0u; c < 3u; c++) { points[3u * (rows * item_index + row) + c] = moved[c]; }
  }`
      : ''
  }
}
`,
  };
}
