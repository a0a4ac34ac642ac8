export { SYNTHESIS_PRESETS, type SynthesisPreset } from '../settings/presets.js';
