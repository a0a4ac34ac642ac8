export {
  createSkinningConstants,
  type SkinningConstants,
  type SkinningConstantsOptions,
} from './create-skinning-constants.js';
export type { FloatArray, ParametricModel } from './host/types.js';
export { linearBlendSkinning, type SkinningInput } from './linear-blend-skinning.js';
export { parametricModel, type ParametricModelInput } from './parametric-model.js';
export type { PointTerm, PointTerms } from './point-terms.js';
export type { PoseBasis } from './pose-basis.js';
export { prepareIdentity, type SkinningIdentity } from './prepare-identity.js';
export type { PlacementInput, ShapeInput, SkinnedJoints, SkinnedSurface, SkinningOptions } from './run-model.js';
