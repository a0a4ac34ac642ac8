import type { ManoModel } from '../types.js';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * Sixteen hexadecimal digits that tell one hand model from another: two FNV-1a hashes of its numbers rounded to float32,
 * its tree, its triangles and its side. The same for a model read from float64 and from float32 files; a check against
 * mistakes, not against malice.
 *
 * @param model a hand
 */
export function modelFingerprint(model: ManoModel): string {
  const parts = [
    Float32Array.from(model.vTemplate),
    Float32Array.from(model.shapeDirs),
    Float32Array.from(model.poseDirs),
    Float32Array.from(model.jRegressor),
    Float32Array.from(model.lbsWeights),
    Float32Array.from(model.handsComponents),
    Float32Array.from(model.handsMean),
    model.parents,
    model.faces,
    Uint32Array.of(model.side === 'left' ? 1 : 0),
  ];
  let first = OFFSET;
  let second = ~OFFSET;
  for (const part of parts) {
    for (const word of new Uint32Array(part.buffer, part.byteOffset, part.length)) {
      first = Math.imul(first ^ word, PRIME);
      second = Math.imul(second ^ (word >>> 16) ^ (first >>> 5), PRIME);
    }
  }
  return [first, second].map((hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('');
}
