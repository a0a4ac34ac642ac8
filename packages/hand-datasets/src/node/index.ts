export { decodeImage, readImage, readMask } from './images/read-image.js';
export { encodeImage, type EncodeImageOptions, writeFileAtomic, writeImage } from './images/write-image.js';
export {
  createPreparedDatasetWriter,
  type PreparedDatasetWriter,
  type PreparedDatasetWriterOptions,
} from './prepared/create-prepared-dataset-writer.js';
export type { LoadedSplit, LoadSplitOptions } from './prepared/load-split.js';
export { openPreparedDataset, type PreparedDataset } from './prepared/open-prepared-dataset.js';
export { readGeRealworld } from './readers/read-ge-realworld.js';
export { type ReaderName, readers } from './readers/readers.js';
export type { DatasetReader, ReaderOptions, ReaderReport, SampleStream } from './readers/types.js';
