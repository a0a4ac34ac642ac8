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
export { OutputAffine, registerOutputAffine } from './layers/output-affine.js';
