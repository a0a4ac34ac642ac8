export { synthesizeDataset, type SynthesizeDatasetOptions } from './synthesize-dataset.js';
