export { fit } from './fit/fit.js';
export type {
  Batches,
  FitOptions,
  FitResult,
  History,
  Logger,
  LogRecord,
  Loss,
  LossContext,
  StepFailure,
  StepInfo,
  Timing,
} from './fit/types.js';
export { adam, type AdamOptions } from './optimizers/adam.js';
export { clipGradients } from './optimizers/clip-gradients.js';
export { disposeOptimizerState } from './optimizers/optimizer-state.js';
export { sgd, type SgdOptions } from './optimizers/sgd.js';
export type {
  NamedTensors,
  NamedVariables,
  Optimizer,
  OptimizerResult,
  OptimizerState,
  OptimizerUpdate,
} from './optimizers/types.js';
export {
  type AllReduceMember,
  type AllReduceMemory,
  createAllReduce,
  failAllReduce,
  joinAllReduce,
} from './parallel/all-reduce.js';
export { exchangeLength } from './parallel/exchange-step.js';
export { GroupEndedError } from './parallel/group-ended-error.js';
export { meanOverGroup, syncBatchNorm, type SyncBatchNormResult } from './parallel/sync-batch-norm.js';
export { type ModelWithLayers, syncBatchNormLayers } from './parallel/sync-batch-norm-layers.js';
export { prepareBackend } from './prepare-backend.js';
export { combineLoggers } from './progress/combine-loggers.js';
export { consoleProgress, type ConsoleProgressOptions, type TextStream } from './progress/console-progress.js';
export type { AdaptiveSchedule, IterationLosses, ScheduleState, ScheduleStates } from './schedules/adaptive.js';
export { cosineDecay, type CosineDecayOptions } from './schedules/cosine-decay.js';
export { type OnPlateauOptions, plateauDecay, type PlateauDecayOptions, plateauSteps } from './schedules/on-plateau.js';
export { type Piece, piecewise } from './schedules/piecewise.js';
export { type Plateau, plateau, type PlateauOptions, type PlateauState } from './schedules/plateau.js';
export type { AnySchedule } from './schedules/schedule-set.js';
export { constant, type Schedule, toSchedule } from './schedules/schedule.js';
export { stepDecay, type StepDecayOptions } from './schedules/step-decay.js';
export { warmUp, type WarmUpOptions } from './schedules/warm-up.js';
export {
  restoreOptimizerState,
  restoreVariables,
  type StoredOptimizerState,
  storeOptimizerState,
  type StoredTensor,
  type StoredTensors,
  storeTensors,
} from './stored-state.js';
export type { EventImage, EventValue } from './tensorboard/event.js';
export { type Histogram, histogram } from './tensorboard/histogram.js';
export { TrainingError } from './training-error.js';
