export { type LoadedCheckpoint, loadCheckpoint } from './load-checkpoint.js';
export { metricsFile } from './metrics-file.js';
export { type Checkpoint, saveCheckpoint } from './save-checkpoint.js';
export { dataParallel, type DataParallelOptions } from './data-parallel.js';
export type { Replica, TrainReplica } from './replica.js';
export { ReplicaError } from './replica-error.js';
