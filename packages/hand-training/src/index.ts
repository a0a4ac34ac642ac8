export type { DataSource, PreparedSource, ReaderSource } from './data/load-training-data.js';
export { loadTrainingData } from './data/load-training-data.js';
export {
  type Augmentation,
  AUGMENTATION_PRESETS,
  type AugmentationPreset,
  ORIGINAL_MISTAKES,
  type PhotometricAugmentation,
} from './data/augmentation/settings.js';
export type { HandBatch } from './data/batches.js';
export { loadBatches, type LoadBatchesOptions } from './data/loader/load-batches.js';
export type { IndexedSource, LoaderData, LoaderSource, StreamSource } from './data/loader/types.js';
export { type PlacedArrays, withPlaces } from './data/place-batches.js';
export type { TrainingArrays } from './data/training-arrays.js';
export { type Baselines, scoreBaselines } from './evaluation/baselines.js';
export type { HostHands } from './evaluation/decode-to-host.js';
export { type Evaluation, evaluateRun } from './evaluation/evaluate-run.js';
export { type HandScores, type PckScores, scoreHands, type Scores2d, type Scores3d } from './evaluation/score-hands.js';
export { cameraHands, type CameraHands } from './evaluation/camera-hands.js';
export { extentRatio } from './evaluation/extent-ratio.js';
export { PROTOCOL_NAMES, type ProtocolName } from './evaluation/protocols/protocol-names.js';
export { PROTOCOLS } from './evaluation/protocols/protocols.js';
export type { Measure, MeasuredCurve, Protocol, ProtocolScores } from './evaluation/protocols/types.js';
export { evaluateRuns, type EvaluateRunsOptions } from './recipes/evaluate-runs/evaluate-runs.js';
export { scoreSubmission, type ScoreSubmissionOptions } from './recipes/evaluate-runs/score-submission.js';
export { exportNetwork, type ExportNetworkOptions } from './recipes/export/export-network.js';
export { layersModelFolder } from './recipes/export/layers-model-folder.js';
export { isNetworkFile, NETWORK_FILES } from './recipes/export/network-files.js';
export { type ConfiguredStageOptions, runConfiguredStage, synthesizeHands } from './recipes/configured.js';
export { MASK_SIZES } from './recipes/mask-size.js';
export type { StageDataConfig, StageSource, SyntheticSource } from './recipes/load-stage-data.js';
export { KEEP_DEFAULTS, type KeepSettings, type RunFiles } from './recipes/run-files/types.js';
export { observeRun } from './recipes/run-files/observe-run.js';
export { FIT_HANDS_DEFAULTS, fitHands } from './fitting/fit-hands.js';
export { FIT_READERS, fitReader, type FitReaderOptions } from './fitting/fit-reader.js';
export { type FitReport, type FitRun, fitSamples, type FitSamplesOptions } from './fitting/fit-samples.js';
export { type ErrorSummary, type FitScores, scoreFit } from './fitting/score-fit.js';
export type { FitHandsOptions, FittedHands, FittedParameters, FitTargets, FitWeights } from './fitting/types.js';
export { channelStatistics, type ChannelStatisticsOptions } from './heatmaps/channel-statistics.js';
export { describeHeatmapRun } from './heatmaps/describe-heatmap-run.js';
export { evaluateHeatmaps, type EvaluateHeatmapsOptions } from './heatmaps/evaluate-heatmaps.js';
export { findHand, type FindHandOptions, type FoundHand, MINIMUM_CONFIDENCE } from './heatmaps/find-hand.js';
export { type HeatmapManifest, readPackedHeatmaps } from './heatmaps/heatmap-files.js';
export { HEATMAP_FORMATS, type HeatmapFormat } from './heatmaps/heatmap-formats.js';
export { DOCUMENTED_CODING, DOCUMENTED_EARLY_STOP } from './heatmaps/heatmap-presets.js';
export {
  type HeatmapBatch,
  heatmapBatch,
  type HeatmapBatchOptions,
  type RawSample,
} from './heatmaps/heatmap-batches.js';
export { isHeatmapRun, loadHeatmapRun } from './heatmaps/heatmap-checkpoint.js';
export type { HeatmapRun, HeatmapRunInfo } from './heatmaps/heatmap-run.js';
export {
  fromHeatmapBytes,
  type HeatmapBytes,
  packHeatmaps,
  toHeatmapBytes,
  unpackHeatmaps,
} from './heatmaps/packed-heatmaps.js';
export { predictHeatmapFiles, type PredictHeatmapFilesOptions } from './heatmaps/predict-heatmap-files.js';
export type { KeypointScores } from './heatmaps/score-keypoints.js';
export { writeHeatmaps, type WriteHeatmapsOptions } from './heatmaps/write-heatmaps.js';
export { trainHeatmap, type TrainHeatmapOptions } from './heatmaps/train-heatmap.js';
export type {
  EarlyStop,
  EpochRecord,
  HeatmapAugmentation,
  HeatmapCoding,
  HeatmapLossWeights,
  HeatmapNetworkInfo,
  HeatmapOptimizer,
  HeatmapSettings,
} from './heatmaps/types.js';
export { type DemoOptions, type DemoResult, type DemoStage, runDemo } from './recipes/demo.js';
export { DEMO_TARGETS, type DemoRatios, demoRatios, demoText, writeDemoReport } from './recipes/demo-report.js';
export { DEMO_SETTINGS, type DemoSettings, SHORT_DEMO_SETTINGS } from './recipes/demo-settings.js';
export { MESH_FORMATS, type MeshFormat } from './recipes/mesh-formats.js';
export { predictFiles, type PredictFilesOptions } from './recipes/predict-files.js';
export { type HandHint, readHandHints } from './recipes/predict/hand-hints.js';
export { type HeatmapMaker, predictHand, type PredictHandOptions, predictNumbers } from './recipes/predict-hand.js';
export { loadHeatmapMaker } from './recipes/predict/load-heatmap-maker.js';
export { type CropNumbers, placeHand, type PredictedHand } from './recipes/predict/place-hand.js';
export { type NumberSmoother, numberSmoother } from './recipes/predict/smooth-numbers.js';
export { openHeatmaps, type StoredHeatmaps } from './heatmaps/stored-heatmaps.js';
export type { ParameterMetrics, ParameterWeights } from './recipes/parameter-errors.js';
export { PRETRAIN_WEIGHTS } from './recipes/pretrain-loss.js';
export { checkReplicas, defaultReplicas } from './recipes/check-stage.js';
export { runReplicas, type RunReplicasOptions } from './recipes/run-replicas.js';
export {
  type AnyStage,
  type PretrainSettings,
  runStage,
  type StageResult,
  type TrainSettings,
} from './recipes/stage.js';
export { isLoader, type StageData } from './recipes/stage-data.js';
export type { MaskSchedule, RateDecay, WatchedLoss } from './recipes/stage-schedules.js';
export { TRAIN_WEIGHTS, type TrainWeights } from './recipes/train-loss.js';
export { BACKENDS, type BackendName } from './run/backends/backend-names.js';
export { chooseBackend, type ChooseBackendOptions } from './run/choose-backend.js';
export { createRun, type HandRun, type NetworkInfo, type RunInfo } from './run/hand-run.js';
export { loadRun, saveRun } from './run/run-checkpoint.js';
export { type NewNetwork, startRun } from './run/start-run.js';
export { ENCODER_NAMES } from './run/encoder-names.js';
export { type TableRows, textTable } from './report/text-table.js';
