export { type LoadedCheckpoint, loadCheckpoint } from './load-checkpoint.js';
export { metricsFile } from './metrics-file.js';
export { type Checkpoint, saveCheckpoint } from './save-checkpoint.js';
