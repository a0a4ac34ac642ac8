export { decodeImage, readImage, readMask } from './images/read-image.js';
export { encodeImage, type EncodeImageOptions, writeFileAtomic, writeImage } from './images/write-image.js';
export { addMasks, type AddMasksOptions, type AddMasksResult } from './masks/add-masks.js';
export type { MasksSummary, SplitMasks } from './masks/finish-masks.js';
export {
  createPreparedDatasetWriter,
  type PreparedDatasetWriter,
  type PreparedDatasetWriterOptions,
} from './prepared/create-prepared-dataset-writer.js';
export type { LoadedSplit, LoadSplitOptions } from './prepared/load-split.js';
export {
  openPreparedDataset,
  type OpenPreparedDatasetOptions,
  type PreparedDataset,
} from './prepared/open-prepared-dataset.js';
export type { SplitFault } from './prepared/split-index.js';
export { readGeRealworld } from './readers/read-ge-realworld.js';
export type { ReaderName } from '../readers/reader-names.js';
export { readers } from './readers/readers.js';
export { type DefinedReader, defineReader, type ReaderDefinition } from './readers/define-reader.js';
export type { DatasetReader, ReaderOptions, ReaderProblem, ReaderReport, SampleStream } from './readers/types.js';
export { type DatasetFolder, openDatasetFolder } from './dataset-folder.js';
export { type JsonEntry, scanJson, type ScanJsonOptions } from './json/scan-json.js';
export {
  prepareDataset,
  type PrepareDatasetOptions,
  type PrepareProgress,
  type PrepareResult,
} from './prepare/prepare-dataset.js';
export { type DatasetPlan, planDataset, type PlanDatasetOptions } from './prepare/plan-dataset.js';
export type { PrepareSummary, SourceSummary } from './prepare/assemble-dataset.js';
export { readerOf } from './readers/reader-of.js';
export type { SheetOptions } from './validate/draw-sheet.js';
export { samplePicture } from './validate/sample-picture.js';
export {
  type DatasetValidation,
  type SplitValidation,
  validateDataset,
  type ValidateDatasetOptions,
} from './validate/validate-dataset.js';
export {
  type Chunk,
  checkShard,
  runChunks,
  type RunChunksOptions,
  type Shard,
  type WorkProgress,
} from './run-chunks.js';
export { createWorkerPool, type WorkerPool } from './worker-pool.js';
export { openWorkFolder, type WorkFolder } from './work-folder.js';
export { joinChunks, type JoinChunksOptions, type StoredSample } from './prepared/join-chunks.js';
export { storeSample, type StoreSampleOptions } from './prepared/store-sample.js';
export { checkTarget } from './prepared/finish-dataset.js';
