export {
  checkSampleConformance,
  CONFORMANCE_DEFAULTS,
  type ConformanceCheck,
  type ConformanceOptions,
  type ConformanceProblem,
  type ConformanceReport,
  HAND_LENGTH_RANGE,
} from './conformance/check-sample-conformance.js';
export {
  inspectKeypointOrder,
  type InspectKeypointOrderOptions,
  type OrderGuess,
  type OrderInspection,
} from './conformance/inspect-keypoint-order.js';
export { type KeypointArray, keypointArrays } from './conformance/keypoint-arrays.js';
export type { OrderRoot } from './conformance/order-cost.js';
export { createMask, type MaskInput, type MaskResult } from './masks/create-mask.js';
export { MASK_BOUNDS, type MaskMeasures, measureMask } from './masks/check-mask.js';
export { MASK_PRESETS, type MaskOptions, type MaskPreset, type MaskSettings } from './masks/mask-presets.js';
export {
  PREPARE_PRESETS,
  type PrepareConfig,
  type PrepareConfigInput,
  prepareConfigSchema,
  type PrepareSource,
} from './prepare/prepare-config.js';
export { parsePreparedInfo, type ParsePreparedInfoOptions } from './prepared/parse-prepared-info.js';
export {
  parsePreparedSplit,
  type ParsePreparedSplitOptions,
  type PreparedSplit,
} from './prepared/parse-prepared-split.js';
export { checkPreparedSize, PREPARED_TEXT_LIMIT, type PreparedText } from './prepared/prepared-text.js';
export type { ImageRecord, PreparedDatasetInfo } from './prepared/schema.js';
export { buildRecord } from './readers/build-record.js';
export { GE_REALWORLD_IMAGE_SIZE, type GeRealworldRecord, parseGeRealworld } from './readers/parse-ge-realworld.js';
export { type DroppedRecord, dropRecord, type HandRecord, isDropped } from './records.js';
export { applyCrop, resizeSample } from './transform/apply-crop.js';
export { manoInCamera, type SampleMano, sampleMano } from './transform/mano-in-camera.js';
export { mirrorSample } from './transform/mirror-sample.js';
export type { ImageSize } from './transform/move-annotation.js';
export { PREPARE_SAMPLE_DEFAULTS, prepareSample, type PrepareSampleOptions } from './transform/prepare-sample.js';
export { reorderSample } from './transform/reorder-sample.js';
export { type Crop, resampleImage } from './transform/resample-image.js';
export type { Sampling } from './transform/sampling-map.js';
export { SQUARE_CROP_FACTOR, squareCrop, type SquareCropOptions } from './transform/square-crop.js';
export type { DepthMap, HandAnnotation, HandSample, ManoAnnotation, SampleSource } from './types.js';
