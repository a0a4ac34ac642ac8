/** Entry of a worker thread of `synthesizeDataset`: makes the chunks that it is given. */
export { synthesizeChunk as default } from './synthesize-chunk.js';
