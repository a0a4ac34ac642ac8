export { modelBackward } from './backward';
export { modelForward, shapeIdentity } from './forward';
export { savedFloats, scratchBytes } from './layout';
