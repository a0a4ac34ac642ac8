export { findHand, type FindHandOptions, type FoundHand, MINIMUM_CONFIDENCE } from '../heatmaps/find-hand.js';
export { findHandOfSide } from '../heatmaps/find-hand-of-side.js';
export type { HeatmapBytes } from '../heatmaps/packed-heatmaps.js';
export type { HeatmapRun, HeatmapRunInfo } from '../heatmaps/heatmap-run.js';
export { heatmapMaker } from '../recipes/predict/heatmap-maker.js';
export { type CropNumbers, type ImageCamera, placeHand, type PredictedHand } from '../recipes/predict/place-hand.js';
export { predictionJson } from '../recipes/predict/prediction-json.js';
export { cropOf, type CropOptions, seeCrop } from '../recipes/predict/see-crop.js';
export { type NumberSmoother, numberSmoother } from '../recipes/predict/smooth-numbers.js';
export {
  type HeatmapMaker,
  numbersOfView,
  predictHand,
  type PredictHandOptions,
  predictNumbers,
} from '../recipes/predict-hand.js';
export type { HandRun, RunInfo } from '../run/hand-run.js';
export { loadNetwork, type LoadedNetwork } from './load-network.js';
