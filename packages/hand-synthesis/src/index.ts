export { type BackgroundKind, proceduralBackground } from './appearance/procedural-background.js';
export { labToLinearSrgb, sampleSkinTone, SKIN_TONE_RANGE, type SkinTone } from './appearance/skin-tone.js';
export { imageFromParameterFrame, parameterFrameFromImage } from './frames.js';
export {
  type BetasDistribution,
  type RotationDistribution,
  SYNTHESIS_PRESETS,
  type SynthesisPreset,
  type SynthesisSettings,
} from './presets.js';
export { streamSyntheticHands, type StreamSyntheticHandsOptions } from './stream-synthetic-hands.js';
export type { SynthesizeHandOptions } from './synthesis-options.js';
export { SYNTHETIC_DEPTH, synthesizeHand, type SyntheticHand } from './synthesize-hand.js';
