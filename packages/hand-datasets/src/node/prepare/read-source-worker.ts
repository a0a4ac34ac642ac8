/** Entry of a worker thread of `prepareDataset`: reads the annotations of a source. */
export { readSourceTask as default } from './read-source.js';
