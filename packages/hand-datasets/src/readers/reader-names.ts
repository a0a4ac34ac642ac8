/** The datasets that have a reader. */
export const READER_NAMES = [
  'cmu-synth',
  'coco',
  'coco-wholebody',
  'dexycb',
  'freihand',
  'ge-realworld',
  'ho3d',
  'interhand',
  'joints-json',
  'mpii-nzsl',
  'onehand10k',
  'panoptic',
  'rhd',
  'stb',
] as const;
export type ReaderName = (typeof READER_NAMES)[number];
