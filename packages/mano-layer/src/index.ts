export type { SkinningIdentity } from '@opposable/skinning';
export type { FingertipChoice, FingertipSet } from './conventions/fingertips.js';
export type {
  Center,
  ManoLayerChoices,
  ManoLayerOptions,
  PoseRepresentation,
  ResolvedLayerOptions,
} from './conventions/layer-options.js';
export type { ManoConventionLike } from './conventions/mano-annotation.js';
export type { ManoConvention, ManoConventionName } from './conventions/presets.js';
export {
  type ManoForwardOptions,
  type ManoJoints,
  ManoLayer,
  type ManoLayerInput,
  type ManoPoseInput,
  type ManoSurface,
  type ManoSurfaceWithNormals,
} from './layer/mano-layer.js';
export type { HandLandmarks, ManoModel, Side } from './types.js';
