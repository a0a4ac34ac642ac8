export { FINGER_NAMES, type FingerName, type HandLandmarks, type ManoModel, type Side } from './types.js';
