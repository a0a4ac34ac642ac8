export { synthesizeDataset, type SynthesizeDatasetOptions } from './synthesize-dataset.js';
export { streamHands, type StreamHandsOptions } from './stream-hands.js';
