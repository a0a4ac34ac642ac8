import type { GpuProgram } from '../../backend/run-program.js';
import { layoutCode, type ModelSizes } from './layout.js';
import { CONSTANTS, read, write } from './pose-program.js';

export const IDENTITY_THREADS = 64;

/** Rest vertices in whole blocks, then rest joints, of shape coefficients: one thread a number. */
export function identityProgram({ jointCount, shapeCount }: ModelSizes): GpuProgram {
  const betas = shapeCount > 0;
  const of = (s: string, row: string) => (betas ? `betas[SHAPES * item_index + ${s}] * ${row}` : '0.0');
  return {
    key: `opposable identity ${jointCount} ${shapeCount}`,
    bindings: [write('identity'), ...CONSTANTS, ...(betas ? [read('betas')] : [])],
    code: () => `
${layoutCode({ jointCount, shapeCount })}
@compute @workgroup_size(${IDENTITY_THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let item_index = item_of(group);
  let coordinates = 24u * blocks_at();
  let size = coordinates + 3u * JOINTS;
  let place = ${IDENTITY_THREADS}u * group.x + thread;
  if (place >= size || size * item_index >= arrayLength(&identity)) { return; }
  var sum: f32;
  if (place < coordinates) {
    let block = place / 24u;
    let first = word(blockStarts_at() + block);
    sum = values[template_at() + place];
    for (var k = first; k < first + word(blockShapes_at() + block); k++) {
      sum += ${of('word(features_at() + k)', 'values[basis_at() + 24u * k + place % 24u]')};
    }
  } else {
    sum = values[jointTemplate_at() + place - coordinates];
    for (var s = 0u; s < SHAPES; s++) { sum += ${of('s', 'values[jointRows_at() + 3u * JOINTS * s + place - coordinates]')}; }
  }
  identity[size * item_index + place] = sum;
}
`,
  };
}
