export type { Safetensors } from './safetensors/format.js';
export { parseSafetensors, readSafetensors } from './safetensors/read-safetensors.js';
export { writeSafetensors } from './safetensors/write-safetensors.js';
export type { ArrayInput, Bytes, DType, PlainArray, ReadLimits, TypedArray } from './types.js';
