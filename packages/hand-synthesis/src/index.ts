export { type BackgroundKind, proceduralBackground } from './appearance/procedural-background.js';
export { labToLinearSrgb, sampleSkinTone, SKIN_TONE_RANGE, type SkinTone } from './appearance/skin-tone.js';
export { imageFromParameterFrame, parameterFrameFromImage } from './frames.js';
export { HAND_SHAPES, type HandShapeName } from './pose/hand-shapes.js';
export { penetration } from './pose/penetration.js';
export { SYNTHESIS_PRESETS, type SynthesisPreset } from './settings/presets.js';
export type {
  BetasDistribution,
  CameraDistribution,
  EffectSettings,
  ForearmSettings,
  NaturalPose,
  Probable,
  Range,
  RotationDistribution,
  SynthesisSettings,
} from './settings/types.js';
export { streamSyntheticHands, type StreamSyntheticHandsOptions } from './stream-synthetic-hands.js';
export type { PartialSettings, SettingsOverride, SynthesizeHandOptions } from './settings/synthesis-options.js';
export { SYNTHETIC_CONVENTION, SYNTHETIC_DEPTH, synthesizeHand, type SyntheticHand } from './synthesize-hand.js';
export { COLORING_COUNT, proceduralColorings } from './colorings/procedural-colorings.js';
export { transferColors } from './colorings/transfer-colors.js';
export { synthesizeBackground } from './synthesize-background.js';
export { sceneBackground } from './appearance/scene-background.js';
