export { enableRelaxedSimd } from './enable-relaxed-simd.js';
export { type EventFile, eventFile, type EventFileOptions, eventLogger, scalarsOf } from './event-file.js';
export { forgetLater } from './forget-later.js';
export {
  keepCheckpoints,
  type KeepCheckpointsOptions,
  type KeptCheckpoints,
  loadLastCheckpoint,
} from './keep-checkpoints.js';
export { type LoadedCheckpoint, loadCheckpoint } from './load-checkpoint.js';
export { lockRun, type RunLock } from './lock-run.js';
export { metricsFile, type MetricsFileOptions } from './metrics-file.js';
export { type Checkpoint, saveCheckpoint, type SaveCheckpointOptions } from './save-checkpoint.js';
export { asWriteError, WriteError } from './write-error.js';
export { dataParallel, type DataParallelOptions } from './data-parallel.js';
export type { Replica, TrainReplica } from './replica.js';
export { ReplicaError } from './replica-error.js';
