export { type HostSkinningInput, linearBlendSkinning } from './linear-blend-skinning.js';
export { type HostPose, type HostSkinningResult, poseIdentity } from './pose-identity.js';
export { type CorrectiveBlock, prepareModel, type PreparedModel } from './prepare-model.js';
export { type ShapedIdentity, shapeIdentity, shapeJoints } from './shape-identity.js';
export type { FloatArray, ParametricModel } from './types.js';
export { validateParametricModel, WEIGHT_SUM_TOLERANCE } from './validate-parametric-model.js';
