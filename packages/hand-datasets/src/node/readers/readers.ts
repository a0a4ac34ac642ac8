import { readCmuSynth } from './read-cmu-synth.js';
import { readCoco } from './read-coco.js';
import { readCocoWholebody } from './read-coco-wholebody.js';
import { readDexYcb } from './read-dexycb.js';
import { readFreihand } from './read-freihand.js';
import { readGeRealworld } from './read-ge-realworld.js';
import { readHo3d } from './read-ho3d.js';
import { readInterhand } from './read-interhand.js';
import { readJointsJson } from './read-joints-json.js';
import { readMpiiNzsl } from './read-mpii-nzsl.js';
import { readOneHand10k } from './read-onehand10k.js';
import { readPanoptic } from './read-panoptic.js';
import { readRhd } from './read-rhd.js';
import { readStb } from './read-stb.js';
import type { ReaderName } from '../../readers/reader-names.js';

/** Every dataset reader by the name of its dataset. */
export const readers = {
  'cmu-synth': readCmuSynth,
  coco: readCoco,
  'coco-wholebody': readCocoWholebody,
  dexycb: readDexYcb,
  freihand: readFreihand,
  'ge-realworld': readGeRealworld,
  ho3d: readHo3d,
  interhand: readInterhand,
  'joints-json': readJointsJson,
  'mpii-nzsl': readMpiiNzsl,
  onehand10k: readOneHand10k,
  panoptic: readPanoptic,
  rhd: readRhd,
  stb: readStb,
} as const satisfies Record<ReaderName, unknown>;
