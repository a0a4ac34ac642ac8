export { createHandRegressor, HAND_PARAMETER_SCALE, type HandRegressorOptions } from './create-hand-regressor.js';
export {
  createHandParameterLayer,
  decodeHandParameters,
  type DecodedHand,
  type HandParameterLayerOptions,
} from './decode-hand-parameters.js';
export {
  type ChannelStatistics,
  createHeatmapUNet,
  FREIHAND_CHANNELS,
  HEATMAP_VARIANTS,
  type HeatmapUNetOptions,
  type HeatmapVariant,
} from './heatmaps/create-heatmap-unet.js';
export {
  type DecodedHeatmaps,
  decodeHeatmaps,
  HEATMAP_DECODINGS,
  type HeatmapDecoding,
} from './heatmaps/decode-heatmaps.js';
export { describeNetwork, type LayerRow, type NetworkDescription } from './heatmaps/describe-network.js';
export {
  type EncodedHeatmaps,
  encodeHeatmaps,
  HEATMAP_DEFAULTS,
  type HeatmapEncoding,
  writeHeatmap,
} from './heatmaps/encode-heatmaps.js';
export { upsampleBilinear } from './heatmaps/upsample-bilinear.js';
export { UpsampleBilinear } from './heatmaps/upsample-layer.js';
export { foldNormalizations } from './inference/fold-normalizations.js';
export { INPUT_NORMALIZATIONS, type InputNormalization } from './input-normalizations.js';
export { HandWindow } from './layers/hand-window.js';
export { MapPlaces } from './layers/map-places.js';
export { movePlaces, type PlaceMove } from './layers/move-places.js';
export { NormalizeImage } from './layers/normalize-image.js';
export { OutputAffine } from './layers/output-affine.js';
export { RefinePlacement } from './layers/refine-placement.js';
export { StandardizeImage } from './layers/standardize-image.js';
export { registerHandRegressorLayers } from './layers/register-layers.js';
export { liftPlaces, readPlaces } from './networks/lift-places.js';
export { type EncoderEntry, type EncoderName, ENCODERS } from './networks/networks.js';
export type { Network, NetworkParts, Pooling } from './networks/types.js';
export { type LoadedTorchWeights, loadTorchWeights, type LoadTorchWeightsOptions } from './torch/load-torch-weights.js';
export { type TorchParameter, torchParameters } from './torch/torch-parameters.js';
export { type TorchStateDict, torchStateDict, type TorchTensor } from './torch/torch-state-dict.js';
export { torchWeights } from './torch/torch-weights.js';
