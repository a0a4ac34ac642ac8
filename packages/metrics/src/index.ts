export { alignHands, type AlignHandsOptions } from './align-hands.js';
export { alignRoot, type AlignRootOptions } from './align-root.js';
export { areaUnderCurve, type AreaUnderCurveOptions } from './area-under-curve.js';
export { type FScore, fScore, fScores } from './f-score.js';
export {
  type FreihandHands,
  type FreihandMeshScores,
  type FreihandPointScores,
  type FreihandScores,
  freihandScores,
} from './freihand-scores.js';
export {
  type GroupedErrorsOptions,
  perFingerErrors,
  perHandErrors,
  type PerHandErrorsOptions,
  perJointErrors,
} from './grouped-errors.js';
export { handSubmissionJson, parseHandPoints, parseHandSubmission, type SubmittedHands } from './hand-submission.js';
export { flipCameraAxes, type Ho3dPointScores, type Ho3dScores, ho3dScores } from './ho3d-scores.js';
export { jointErrors, type JointErrorsOptions } from './joint-errors.js';
export { type ErrorsOptions, meanError, medianError } from './mean-error.js';
export { mpjpe, type MpjpeOptions } from './mpjpe.js';
export { type NearestDistances, nearestDistances, type NearestDistancesOptions } from './nearest-distances.js';
export { paMpjpe } from './pa-mpjpe.js';
export { pckCurve, type PckCurveOptions } from './pck-curve.js';
export {
  meanPixelError,
  normalizedPixelError,
  type NormalizedPixelErrorOptions,
  type PixelErrorOptions,
} from './pixel-errors.js';
export { type PixelPck, pixelPck } from './pixel-pck.js';
export type { ValidityMask } from './points-input.js';
export { parsePublishedCurve, type PublishedCurve } from './published-curve.js';
export { rootAlignedMpjpe } from './root-aligned-mpjpe.js';
export { type StbScores, stbScores, type StbScoresOptions } from './stb-scores.js';
export { freihandThresholdsMm, linspace, stbPlotThresholdsMm, stbThresholdsMm } from './thresholds.js';
