export { loadOpenHand } from './load-open-hand.js';
export { openHandJointFrames, type HandJointFrames } from './joint-frames.js';
export { poseFromAngles } from './pose-from-angles.js';
export { OPEN_HAND_SHAPE_DIRECTIONS } from './shape-directions.js';
export { type HandSurface, openHandSurface } from './open-hand-surface.js';
