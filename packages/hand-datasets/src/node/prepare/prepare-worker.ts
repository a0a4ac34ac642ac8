/** Entry of a worker thread of `prepareDataset`: prepares the chunks that it is given. */
export { prepareChunk as default } from './prepare-chunk.js';
