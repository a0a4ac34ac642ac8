import { createPickleReader, parseNpz } from '@opposable/array-files';
import { type DexYcbFrame, parseDexYcbFrame } from '../../readers/parse-dexycb.js';
import { HAND_LABELS_MEMBERS, type HandLabelsFile, parseHandLabels } from '../../readers/parse-hand-labels.js';
import { HO3D_MEMBERS, type Ho3dPlace, parseHo3d } from '../../readers/parse-ho3d.js';
import type { HandRecord } from '../../records.js';
import { JsonValues } from '../json/json-values.js';

/** They remember what their files have in common. */
const handLabels = new JsonValues(new Set(HAND_LABELS_MEMBERS));
const ho3dPickle = createPickleReader({ names: HO3D_MEMBERS });

const DEXYCB_ARRAYS = ['joint_3d', 'joint_2d', 'pose_m'];

/**
 * What datasets with one annotation file a picture keep in it: bytes and place → record. By name, since worker threads
 * find them here.
 */
export const RECORD_FORMATS = {
  dexycb: (bytes: Uint8Array, place: DexYcbFrame): HandRecord =>
    parseDexYcbFrame(parseNpz(bytes, { names: DEXYCB_ARRAYS }), place),
  'hand-labels': (bytes: Uint8Array, place: HandLabelsFile): HandRecord =>
    parseHandLabels(
      handLabels.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length),
      place,
    ),
  ho3d: (bytes: Uint8Array, place: Ho3dPlace): HandRecord => parseHo3d(ho3dPickle(bytes), place),
} as const;

export type RecordFormatName = keyof typeof RECORD_FORMATS;
export type PlaceOf<Name extends RecordFormatName> = Parameters<(typeof RECORD_FORMATS)[Name]>[1];
