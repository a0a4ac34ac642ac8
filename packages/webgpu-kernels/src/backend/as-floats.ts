import { type GpuProgram, runProgram } from './run-program.js';
import { allocate, type Backend, type Info } from './webgpu-backend.js';

const THREADS = 64;

const program: GpuProgram = {
  key: 'opposable floats of integers',
  bindings: [
    { name: 'floats', type: 'f32', access: 'read_write' },
    { name: 'integers', type: 'i32', access: 'read' },
  ],
  code: () => `
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let place = ${THREADS}u * (group.y + 65535u * group.z) + thread;
  if (place < arrayLength(&floats)) { floats[place] = f32(integers[place]); }
}
`,
};

/**
 * Inputs whose buffers hold floats. `tf.cast` of whole numbers to float32 leaves their buffer as it is on this backend, and says
 * so only in its own list of buffers.
 *
 * @param work what runs with them; copies are given back afterwards
 */
export function withFloats<Inputs extends Readonly<Partial<Record<string, Info>>>, Result>(
  backend: Backend,
  inputs: Inputs,
  work: (inputs: Inputs) => Result,
): Result {
  const copies: Info[] = [];
  const floats = Object.entries(inputs).map(([name, input]): [string, Info] => {
    if (backend.tensorMap.get(input!.dataId).dtype === 'float32' || input!.shape.includes(0)) return [name, input!];
    const copy = allocate(backend, input!.shape);
    copies.push(copy);
    const count = input!.shape.reduce((product, size) => product * size, 1);
    runProgram(backend, program, { floats: copy, integers: input! }, [1, Math.ceil(count / THREADS)]);
    return [name, copy];
  });
  try {
    return work(Object.fromEntries(floats) as Inputs);
  } finally {
    for (const { dataId } of copies) backend.disposeData(dataId);
  }
}
