export {
  createSkinningConstants,
  type PointRegressor,
  type SkinningConstants,
  type SkinningConstantsOptions,
} from './create-skinning-constants.js';
export type { FloatArray, ParametricModel } from './host/types.js';
export {
  linearBlendSkinning,
  type SkinnedJoints,
  type SkinnedSurface,
  type SkinningInput,
  type SkinningOptions,
} from './linear-blend-skinning.js';
