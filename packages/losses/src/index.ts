export { blockMse, type BlockMse, type LossBlock } from './block-mse.js';
export { constMask } from './const-mask.js';
export { gridSample, type GridSampleOptions } from './grid-sample.js';
export { type AdaptiveWingOptions, heatmapAdaptiveWingLoss } from './heatmap-adaptive-wing-loss.js';
export { heatmapExpectationLoss } from './heatmap-expectation-loss.js';
export type { HeatmapLossInputs } from './heatmap-inputs.js';
export { heatmapIouLoss } from './heatmap-iou-loss.js';
export { heatmapMseLoss } from './heatmap-mse-loss.js';
export {
  type CoordinatePenalty,
  keypoint2dLoss,
  type Keypoint2dInputs,
  type Keypoint2dOptions,
} from './keypoint-2d-loss.js';
export { keypoint3dLoss, type Keypoint3dInputs, type Keypoint3dOptions } from './keypoint-3d-loss.js';
export { maskLoss, type MaskLossInputs } from './mask-loss.js';
export {
  parameterRegularization,
  type ParameterRegularizationOptions,
  type RegularizedParameters,
} from './parameter-regularization.js';
export { rotationLoss } from './rotation-loss.js';
export { stopGradient } from './stop-gradient.js';
