export {
  createHandRegressor,
  type EncoderName,
  ENCODERS,
  HAND_PARAMETER_SCALE,
  type HandRegressorOptions,
} from './create-hand-regressor.js';
export {
  createHandParameterLayer,
  decodeHandParameters,
  type DecodedHand,
  type HandParameterLayerOptions,
} from './decode-hand-parameters.js';
export { HandWindow } from './layers/hand-window.js';
export { OutputAffine } from './layers/output-affine.js';
export { RefinePlacement } from './layers/refine-placement.js';
export { StandardizeImage } from './layers/standardize-image.js';
export { registerHandRegressorLayers } from './layers/register-layers.js';
