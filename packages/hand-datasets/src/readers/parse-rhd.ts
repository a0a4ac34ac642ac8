/**
 * The Rendered Hand Pose dataset: 41,258 training and 2,728 evaluation pictures, 320 × 320, of rendered people with both
 * hands.
 *
 * Zimmermann and Brox, Learning to Estimate 3D Hand Pose from Single RGB Images, ICCV 2017.
 */
import type { GrayImage } from '@opposable/drawing';
import type { Side } from '@opposable/mano-layer/conventions';
import type { HandRecord } from '../records.js';
import { buildRecord } from './build-record.js';
import { arrayFloats, objectValue } from './values.js';

const MILLIMETRES = 1000;
const SIZE = { width: 320, height: 320 };
/** COCO's flags. */
const [HIDDEN, SEEN] = [1, 2];
/** First and last of the numbers [42, 3] that are a hand's: the left one comes first. */
const ROWS = { left: [0, 63], right: [63, 126] } as const;
const SIDES: readonly Side[] = ['left', 'right'];

/** Values of a hand's parts in the masks; 0 is background, 1 the person. */
export const RHD_MASK_VALUES: Readonly<Record<Side, readonly [first: number, last: number]>> = {
  left: [2, 17],
  right: [18, 33],
};

const isOf = (value: number, [first, last]: readonly [number, number]): boolean => value >= first && value <= last;

/** 255 on the hand of one side, 0 elsewhere. */
export function rhdMaskOf(mask: GrayImage, side: Side): GrayImage {
  return { ...mask, data: mask.data.map((value) => (isOf(value, RHD_MASK_VALUES[side]) ? 255 : 0)) };
}

/** The hand with more pixels in the mask, the left one where they are equal; undefined where there is none. */
export function rhdDominantSide({ data }: GrayImage): Side | undefined {
  const counts = { left: 0, right: 0 };
  for (const value of data) for (const side of SIDES) if (isOf(value, RHD_MASK_VALUES[side])) counts[side]++;
  if (counts.left + counts.right === 0) return undefined;
  return counts.right > counts.left ? 'right' : 'left';
}

export interface RhdPlace {
  readonly split: 'training' | 'evaluation';
  /** Key of the sample in the pickle, number of its picture. */
  readonly sample: number;
  /** The pickle, relative to the root. */
  readonly file: string;
  /** Folder that holds color/ and mask/. */
  readonly folder: string;
}

/**
 * Hands of a sample: `uv_vis` [42, 3] pixels and whether the point is seen, `xyz` [42, 3] metres in the camera frame,
 * `K` [3, 3]; left hand first. Points that are not seen count as hidden.
 *
 * @throws RecordProblem naming the array that is missing or of another size
 */
export function parseRhd(value: unknown, sides: readonly Side[], place: RhdPlace): HandRecord[] {
  const fields = objectValue(value, 'the sample');
  const rows = arrayFloats(fields['uv_vis'], 126, 'uv_vis');
  const metres = arrayFloats(fields['xyz'], 126, 'xyz');
  const camera = arrayFloats(fields['K'], 9, 'K');
  return sides.map((side) => {
    const numbers = { rows: rows.subarray(...ROWS[side]), metres: metres.subarray(...ROWS[side]), camera };
    return handOf(numbers, side, place);
  });
}

interface HandNumbers {
  /** [21, 3] each */
  readonly rows: Float32Array | Float64Array;
  readonly metres: Float32Array | Float64Array;
  readonly camera: Float32Array | Float64Array;
}

function handOf({ rows, metres, camera }: HandNumbers, side: Side, place: RhdPlace): HandRecord {
  const keypoints = new Float64Array(42);
  const visibility = new Uint8Array(21);
  for (let i = 0; i < 21; i++) {
    keypoints[2 * i] = rows[3 * i]!;
    keypoints[2 * i + 1] = rows[3 * i + 1]!;
    visibility[i] = rows[3 * i + 2]! > 0 ? SEEN : HIDDEN;
  }
  const points = new Float64Array(63);
  for (let i = 0; i < points.length; i++) points[i] = metres[i]! * MILLIMETRES;
  const name = `${String(place.sample).padStart(5, '0')}.png`;
  return buildRecord({
    id: `rhd/${place.split}/${String(place.sample).padStart(5, '0')}/${side}`,
    source: { dataset: 'rhd', file: place.file, index: 2 * place.sample + SIDES.indexOf(side) },
    image: `${place.folder}/color/${name}`,
    imageSize: SIZE,
    mask: `${place.folder}/mask/${name}`,
    side,
    keypointOrder: 'rhd',
    keypoints,
    visibility,
    keypoints3d: points,
    keypoints3dValid: new Uint8Array(21).fill(1),
    camera: new Float64Array(camera),
  });
}
