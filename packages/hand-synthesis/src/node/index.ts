export { type ColoredMeshReport, colorMeshes, type ColorMeshesOptions, readColorings } from './color-meshes.js';
export { readBackgrounds, type ReadBackgroundsOptions } from './read-backgrounds.js';
export { streamHands, type StreamHandsOptions } from './stream-hands.js';
export { synthesizeDataset, type SynthesizeDatasetOptions } from './synthesize-dataset.js';
