import { type FiltersExports, filtersModule } from '../generated/filters.js';
import { loadModule, MAXIMUM_PAGES } from '../native/load-module.js';
import type { GrowableMemory } from '../scene/workspace.js';
import type { FilterKernels } from './filter-kernels.js';

const at = (array: { readonly byteOffset: number }): number => array.byteOffset;

/** The native inner loops on a memory of their own; undefined where the engine cannot run them. */
export function createWasmFilters(): { readonly kernels: FilterKernels; readonly memory: GrowableMemory } | undefined {
  const code = loadModule(filtersModule);
  if (code === undefined) return undefined;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES });
  const native = new WebAssembly.Instance(code, { env: { memory } }).exports as unknown as FiltersExports;
  const kernels: FilterKernels = {
    name: 'wasm',
    spread: (bytes, pixels, count) => native.spread(at(bytes), at(pixels), count),
    gather: (pixels, bytes, count) => native.gather(at(pixels), at(bytes), count),
    boxRows: (pixels, spare, { width, height }, { whole, part, scale }) =>
      native.boxRows(at(pixels), at(spare), width, height, whole, part, scale),
    boxColumns: (source, target, sums, { width, height }, { whole, part, scale }) =>
      native.boxColumns(at(source), at(target), at(sums), width, height, whole, part, scale),
    noise: (bytes, count, table, seed, deviation) =>
      native.noise(at(bytes), count, at(table), noiseMask(table), seed, deviation),
    addShifted: (bytes, start, pitch, sums, columns, rows) =>
      native.addShifted(at(bytes) + start, pitch, at(sums), columns, rows),
    average: (sums, bytes, columns, rows, width, taps) =>
      native.average(at(sums), at(bytes), columns, rows, width, taps),
    tone: (bytes, count, tables) => native.tone(at(bytes), count, at(tables)),
    splitColors: (bytes, extent, { width, height, luma, blues, reds }) =>
      native.splitColors(at(bytes), extent.width, extent.height, at(luma), at(blues), at(reds), width, height),
    joinColors: ({ width, luma, blues, reds }, bytes, extent) =>
      native.joinColors(at(luma), at(blues), at(reds), width, at(bytes), extent.width, extent.height),
    roundBlocks: (plane, { width, height }, table, block) =>
      native.roundBlocks(at(plane), width, height, at(table), at(block)),
    fillConvex: (bytes, { width, height }, outline, tile, surface) =>
      native.fillConvex(at(bytes), width, height, at(outline), outline.length / 2, at(tile), at(surface)),
    gradient: (pixels, { width, height }, numbers) => native.gradient(at(pixels), width, height, at(numbers)),
    spot: (pixels, { width }, { left, top, right, bottom }, isBox, numbers) =>
      native.spot(at(pixels), width, left, top, right, bottom, Number(isBox), at(numbers)),
    double: (bytes, { width, height }, out, row) => native.double(at(bytes), width, height, at(out), at(row)),
  };
  return {
    kernels,
    memory: {
      get buffer() {
        return memory.buffer;
      },
      grow: (pages) => void memory.grow(pages),
    },
  };
}

/** Bytes that one place of the noise table serves: the table is longer than a power of two by as much. */
export const NOISE_RUN = 48;

export const noiseMask = (table: Float32Array): number => table.length - NOISE_RUN - 1;
