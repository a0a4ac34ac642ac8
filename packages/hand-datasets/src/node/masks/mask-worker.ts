/** Entry of a worker thread of `addMasks`: makes the masks that it is given. */
export { maskChunk as default } from './mask-chunk.js';
