export {
  HAND_PARAMETER_BLOCKS,
  HAND_PARAMETER_COUNT,
  HAND_PARAMETER_FRAME,
  HAND_PARAMETER_MEAN,
  HAND_PARAMETER_ROOT,
  type HandParameterBlock,
} from './hand-parameters.js';
export { FINGER_NAMES, type FingerName, type HandLandmarks, type ManoModel, type Side } from '../types.js';
