import type { HandAnnotation } from '../types.js';
import type { AnnotationRecord } from './schema.js';

const CATEGORY_ID = 1;

/** Ten significant digits: more than float32 holds, half the length of float64. */
const DIGITS = 10;
/** Those of 2D: with three before the point a label is kept to 1e-10 px, so that published ones are met to 1e-9. */
const PIXEL_DIGITS = 13;

function shorten(values: ArrayLike<number>, digits = DIGITS): number[] {
  return Array.from(values, (value) => (Number.isInteger(value) ? value : Number(value.toPrecision(digits))));
}

/**
 * An annotation as a COCO keypoint record with this project's extension fields.
 *
 * @param annotation the hand
 * @param index its place in the split: the record's id and that of its image
 */
export function annotationToRecord(annotation: HandAnnotation, index: number): AnnotationRecord {
  const { keypoints, visibility, bbox, mano, keypoints3d, keypoints3dValid, camera, handParameters, crop } = annotation;
  const short = shorten(keypoints, PIXEL_DIGITS);
  const box = shorten(bbox);
  return {
    id: index,
    image_id: index,
    category_id: CATEGORY_ID,
    sample_id: annotation.id,
    keypoints: Array.from({ length: 63 }, (_, i) =>
      i % 3 === 2 ? visibility[(i - 2) / 3]! : short[i - Math.floor(i / 3)]!,
    ),
    num_keypoints: visibility.reduce((count, value) => count + (value > 0 ? 1 : 0), 0),
    bbox: box,
    area: box[2]! * box[3]!,
    iscrowd: 0,
    side: annotation.side,
    is_mirrored: annotation.isMirrored,
    keypoints_3d: keypoints3d && shorten(keypoints3d),
    keypoints_3d_valid: keypoints3dValid && Array.from(keypoints3dValid),
    camera: camera && shorten(camera),
    mano: mano && {
      convention: mano.convention,
      pose: shorten(mano.pose),
      betas: shorten(mano.betas),
      transl: mano.transl && shorten(mano.transl),
      world_to_camera: mano.worldToCamera && shorten(mano.worldToCamera),
    },
    hand_parameters: handParameters && shorten(handParameters),
    source: annotation.source,
    crop: crop && shorten(crop),
    subject: annotation.subject,
    sequence: annotation.sequence,
  };
}

/** The annotation of a record. The inverse of {@link annotationToRecord}, to the digits that it keeps. */
export function recordToAnnotation(record: AnnotationRecord, keypointOrder: string): HandAnnotation {
  const { keypoints, bbox, mano } = record;
  const floats = (values: number[] | undefined) => values && Float64Array.from(values);
  return {
    id: record.sample_id,
    source: record.source,
    side: record.side,
    isMirrored: record.is_mirrored,
    keypointOrder,
    keypoints: Float64Array.from({ length: 42 }, (_, i) => keypoints[i + Math.floor(i / 2)]!),
    visibility: Uint8Array.from({ length: 21 }, (_, i) => keypoints[3 * i + 2]!),
    keypoints3d: floats(record.keypoints_3d),
    keypoints3dValid: record.keypoints_3d_valid && Uint8Array.from(record.keypoints_3d_valid),
    camera: floats(record.camera),
    bbox: [bbox[0]!, bbox[1]!, bbox[2]!, bbox[3]!],
    mano: mano && {
      convention: mano.convention,
      pose: Float64Array.from(mano.pose),
      betas: Float64Array.from(mano.betas),
      transl: floats(mano.transl),
      ...(mano.world_to_camera && { worldToCamera: Float64Array.from(mano.world_to_camera) }),
    },
    handParameters: floats(record.hand_parameters),
    crop: floats(record.crop),
    subject: record.subject,
    sequence: record.sequence,
  };
}
