import type { Backend, Info } from './webgpu-backend.js';

/** A buffer that a program reads or writes, under its name in the code. */
export interface Binding {
  readonly name: string;
  readonly type: 'f32' | 'i32';
  readonly access: 'read' | 'read_write';
}

/** One entry point `main` in WGSL and the buffers it names. */
export interface GpuProgram {
  /** Different for different code. */
  readonly key: string;
  readonly bindings: readonly Binding[];
  /** Without the declarations of the bindings. */
  readonly code: () => string;
}

/** WebGPU promises so many storage buffers to a program; the backend asks for no more. */
export const MAX_BINDINGS = 8;

/** Workgroups of one dimension: what WebGPU promises. */
const MAX_WORKGROUPS = 65_535;

function declarations(bindings: readonly Binding[]): string {
  return bindings
    .map(
      ({ name, type, access }, place) =>
        `@group(0) @binding(${place}) var<storage, ${access}> ${name}: array<${type}>;\n`,
    )
    .join('');
}

/** The layout is said, not derived: the backend binds its buffer of shapes too, which these programs do not read. */
function compile({ device }: Backend, { key, bindings, code }: GpuProgram): GPUComputePipeline {
  const entries: GPUBindGroupLayoutEntry[] = bindings.map(({ access }, binding) => ({
    binding,
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
  }));
  entries.push({ binding: bindings.length, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } });
  const layout = device.createPipelineLayout({ bindGroupLayouts: [device.createBindGroupLayout({ entries })] });
  const module = device.createShaderModule({ label: key, code: declarations(bindings) + code() });
  return device.createComputePipeline({ label: key, layout, compute: { module, entryPoint: 'main' } });
}

/** Timings by `tf.time` name a program by its class. */
class FusedProgram {
  constructor(
    readonly pipeline: GPUComputePipeline,
    readonly dispatch: readonly [number, number, number],
  ) {}
}

/**
 * Puts one program into the queue of the backend.
 *
 * @param tensors by the names of the bindings
 * @param groups workgroups per item, and items: workgroup (x, y, z) is group x of item y + 65535 · z
 */
export function runProgram(
  backend: Backend,
  program: GpuProgram,
  tensors: Readonly<Partial<Record<string, Info>>>,
  [groups, items]: readonly [number, number],
): void {
  const bound = program.bindings.map(({ name }) => tensors[name]!);
  for (const { dataId } of bound) backend.uploadToGPU(dataId);
  const pipeline = (backend.pipelineCache[program.key] ??= compile(backend, program));
  const rows = Math.min(items, MAX_WORKGROUPS);
  const [output, ...inputs] = bound;
  backend.recordAndSubmit(new FusedProgram(pipeline, [groups, rows, Math.ceil(items / rows)]), output!, inputs);
}
