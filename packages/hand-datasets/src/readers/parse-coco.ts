/** Hands in COCO keypoint files: the fields that hold them are named, since every dataset has its own. */
import type { Side } from '@opposable/mano-layer/conventions';
import type { DroppedRecord, HandRecord } from '../records.js';
import { buildRecord, floatsOf } from './build-record.js';
import { type Fields, numberList, objectValue, RecordProblem, recordOr, textValue } from './values.js';

/** How the third number of a keypoint is meant. */
export type KeypointFlags = 'valid' | 'coco' | 'confidence';

/** Where an annotation holds one hand. */
export interface CocoHandFields {
  /** Field of the 21 rows x, y, flag, flat or nested. */
  readonly keypoints: string;
  /** The side, or the field that holds it: 'left'/'right', or 1/true for a left hand. */
  readonly side: Side | { readonly field: string };
  /** Field of the box x, y, width, height. Default: the box of the keypoints. */
  readonly box?: string | undefined;
  /** Field that is false or 0 where this hand is not annotated. */
  readonly valid?: string | undefined;
  /** Field of the 3D points in the camera frame. */
  readonly keypoints3d?: string | undefined;
  readonly keypoints3dUnit?: 'mm' | 'm' | undefined;
}

export interface CocoLayout {
  /** Name of the dataset, for ids. */
  readonly dataset: string;
  /** The annotation file, relative to the dataset's root. */
  readonly file: string;
  /** Folder of the images, relative to the root; '' for the root. */
  readonly images: string;
  readonly keypointOrder: string;
  readonly hands: readonly CocoHandFields[];
  /** 'valid' (default): labelled where above 0. 'coco': 0, 1 hidden, 2 visible. 'confidence': labelled from `confidence` on. */
  readonly flags?: KeypointFlags | undefined;
  readonly confidence?: number | undefined;
  /** Field of the image (or of the annotation) with `focal` and `princpt`. */
  readonly camera?: string | undefined;
}

/** What is read of images and annotations. */
export function cocoMembers({ hands, camera }: CocoLayout): Readonly<Record<'images' | 'annotations', string[]>> {
  const fields = hands.flatMap(({ keypoints, side, box, valid, keypoints3d }) => [
    ...[keypoints, box, valid, keypoints3d],
    typeof side === 'string' ? undefined : side.field,
  ]);
  const given = (names: readonly (string | undefined)[]): string[] => names.filter((name) => name !== undefined);
  return {
    images: given(['id', 'file_name', 'width', 'height', camera]),
    annotations: given(['id', 'image_id', camera, ...fields]),
  };
}

/** What is kept of an image's record. */
export interface CocoImage {
  readonly file: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly camera: Float64Array | undefined;
}

function cameraOf(value: unknown, camera: Float64Array = new Float64Array(9)): Float64Array | undefined {
  if (value === undefined || value === null) return undefined;
  const fields = objectValue(value, 'the camera');
  const focal = numberList(fields['focal'], 2, 'focal');
  const centre = numberList(fields['princpt'], 2, 'princpt');
  camera[0] = focal[0]!;
  camera[2] = centre[0]!;
  camera[4] = focal[1]!;
  camera[5] = centre[1]!;
  camera[8] = 1;
  return camera;
}

/** @throws RecordProblem if it has no id or no file name */
export function parseCocoImage(value: unknown, layout: CocoLayout): [id: number | string, image: CocoImage] {
  const fields = objectValue(value, 'the image');
  const { id, width, height } = fields;
  if (typeof id !== 'number' && typeof id !== 'string') {
    throw new RecordProblem('bad record', 'expected the id of the image to be a number or a text');
  }
  const name = textValue(fields['file_name'], 'file_name');
  return [
    id,
    {
      file: layout.images === '' ? name : `${layout.images}/${name}`,
      width: typeof width === 'number' ? width : undefined,
      height: typeof height === 'number' ? height : undefined,
      camera: layout.camera === undefined ? undefined : cameraOf(fields[layout.camera]),
    },
  ];
}

function sideOf(fields: Fields, side: CocoHandFields['side']): Side {
  if (typeof side === 'string') return side;
  const value = fields[side.field];
  if (value === 'left' || value === 1 || value === true) return 'left';
  if (value === 'right' || value === 0 || value === false) return 'right';
  throw new RecordProblem('no side', `expected ${side.field} to tell left from right, got ${JSON.stringify(value)}`);
}

/** Takes rows x, y, flag apart. @returns the visibilities */
function splitFlags(rows: Float64Array, { flags = 'valid', confidence = 0.5 }: CocoLayout, keypoints: Float64Array) {
  const visibility = new Uint8Array(21);
  for (let i = 0; i < 21; i++) {
    const flag = rows[3 * i + 2]!;
    const value = flags === 'coco' ? Math.min(2, Math.round(flag)) : flag > 0 ? 2 : 0;
    visibility[i] = flags === 'confidence' && flag < confidence ? 0 : value;
    if (visibility[i] === 0) continue;
    keypoints[2 * i] = rows[3 * i]!;
    keypoints[2 * i + 1] = rows[3 * i + 1]!;
  }
  return visibility;
}

function pointsOf(fields: Fields, hand: CocoHandFields, points: Float64Array): Float64Array | undefined {
  if (hand.keypoints3d === undefined) return undefined;
  const factor = hand.keypoints3dUnit === 'm' ? 1000 : 1;
  const given = numberList(fields[hand.keypoints3d], 63, hand.keypoints3d);
  for (let i = 0; i < points.length; i++) points[i] = given[i]! * factor;
  return points;
}

/**
 * The hands of one annotation.
 *
 * @param value the annotation
 * @param images what {@link parseCocoImage} gave, by id
 * @param index place in the file
 * @returns a record for every hand that is annotated, or why one cannot be used
 */
export function parseCocoAnnotation(
  value: unknown,
  images: ReadonlyMap<number | string, CocoImage>,
  index: number,
  layout: CocoLayout,
): (HandRecord | DroppedRecord)[] {
  const where = `${layout.file}: annotations[${index}]`;
  const several = layout.hands.length > 1;
  return layout.hands.flatMap((hand, place): (HandRecord | DroppedRecord)[] => {
    const valid = hand.valid === undefined ? true : (value as Fields | null)?.[hand.valid];
    if (valid === false || valid === 0) return [];
    return [
      recordOr(where, () => {
        const fields = objectValue(value, 'the annotation');
        const imageId = fields['image_id'] as number | string;
        const image = images.get(imageId);
        if (!image) throw new RecordProblem('missing image record', `there is no image with the id ${imageId}`);
        const side = sideOf(fields, hand.side);
        const [keypoints, ownPoints, ownCamera] = floatsOf(
          42,
          hand.keypoints3d === undefined ? 0 : 63,
          layout.camera === undefined ? 0 : 9,
        ) as [Float64Array, Float64Array, Float64Array];
        const visibility = splitFlags(numberList(fields[hand.keypoints], 63, hand.keypoints), layout, keypoints);
        const camera = image.camera ?? (layout.camera ? cameraOf(fields[layout.camera], ownCamera) : undefined);
        const points = pointsOf(fields, hand, ownPoints);
        const box = hand.box === undefined ? undefined : numberList(fields[hand.box], 4, hand.box);
        const { id } = fields;
        if (typeof id !== 'number' && typeof id !== 'string') {
          throw new RecordProblem('bad record', 'expected the id of the annotation to be a number or a text');
        }
        return buildRecord({
          id: `${layout.dataset}/${id}${several ? `/${side}` : ''}`,
          source: {
            dataset: layout.dataset,
            file: layout.file,
            index: several ? index * layout.hands.length + place : index,
          },
          image: image.file,
          imageSize: image.width && image.height ? { width: image.width, height: image.height } : undefined,
          side,
          keypointOrder: layout.keypointOrder,
          keypoints,
          visibility,
          ...(box && { bbox: [box[0]!, box[1]!, box[2]!, box[3]!] as const }),
          keypoints3d: points,
          keypoints3dValid: points && visibility.map((value) => (value > 0 ? 1 : 0)),
          camera,
        });
      }),
    ];
  });
}
