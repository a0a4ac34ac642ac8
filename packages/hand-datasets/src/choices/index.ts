export { MASK_PRESETS, type MaskPreset } from '../masks/mask-presets.js';
export { READER_NAMES, type ReaderName } from '../readers/reader-names.js';
