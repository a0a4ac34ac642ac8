export type { FingertipChoice, FingertipSet } from './conventions/fingertips.js';
export type {
  Center,
  ManoLayerOptions,
  PoseRepresentation,
  ResolvedLayerOptions,
} from './conventions/layer-options.js';
export { type ManoJoints, ManoLayer, type ManoLayerInput, type ManoSurface } from './layer/mano-layer.js';
export type { HandLandmarks, ManoModel, Side } from './types.js';
