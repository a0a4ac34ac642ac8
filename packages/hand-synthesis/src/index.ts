export { proceduralBackground } from './appearance/procedural-background.js';
export { labToLinearSrgb, sampleSkinTone, SKIN_TONE_RANGE, type SkinTone } from './appearance/skin-tone.js';
export { imageFromParameterFrame, parameterFrameFromImage } from './frames.js';
export { HAND_SHAPES, type HandShapeName } from './pose/hand-shapes.js';
export { penetration } from './pose/penetration.js';
export { BACKGROUND_RANGES, type BackgroundKind, type BackgroundSetting } from './settings/background.js';
export { LIGHTING_RANGES, type LightingKind, type LightingSetting } from './settings/lighting.js';
export { SYNTHESIS_PRESETS, type SynthesisPreset } from './settings/presets.js';
export type {
  BetasDistribution,
  CameraDistribution,
  EffectSettings,
  ForearmSettings,
  NaturalPose,
  OccluderSettings,
  Probable,
  Range,
  RingSettings,
  RotationDistribution,
  SecondHandSettings,
  SkinSettings,
  SynthesisSettings,
  WatchSettings,
} from './settings/types.js';
export { streamSyntheticHands, type StreamSyntheticHandsOptions } from './stream-synthetic-hands.js';
export type { PartialSettings } from './settings/merge-block.js';
export type { SettingsOverride, SynthesizeHandOptions } from './settings/synthesis-options.js';
export { SYNTHETIC_CONVENTION, SYNTHETIC_DEPTH, synthesizeHand, type SyntheticHand } from './synthesize-hand.js';
export { COLORING_COUNT, proceduralColorings } from './colorings/procedural-colorings.js';
export { transferColors } from './colorings/transfer-colors.js';
export { synthesizeBackground } from './synthesize-background.js';
export { sceneBackground } from './appearance/scene-background.js';
