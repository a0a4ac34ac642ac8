import type { HandRecord } from '../records.js';

type Needed = 'id' | 'source' | 'image' | 'side' | 'keypointOrder' | 'keypoints' | 'visibility';

/** Box of the labelled keypoints; empty where none is labelled. */
export function boxOfKeypoints(keypoints: ArrayLike<number>, visibility: ArrayLike<number>): HandRecord['bbox'] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < visibility.length; i++) {
    if (visibility[i] === 0) continue;
    const u = keypoints[2 * i]!;
    const v = keypoints[2 * i + 1]!;
    left = Math.min(left, u);
    top = Math.min(top, v);
    right = Math.max(right, u);
    bottom = Math.max(bottom, v);
  }
  return left <= right ? [left, top, right - left, bottom - top] : [0, 0, 0, 0];
}

/** A record of what a dataset gives; what it does not give is undefined, the box is that of the labelled keypoints. */
export function buildRecord(fields: Pick<HandRecord, Needed> & Partial<HandRecord>): HandRecord {
  return {
    id: fields.id,
    source: fields.source,
    image: fields.image,
    imageSize: fields.imageSize,
    mask: fields.mask,
    side: fields.side,
    isMirrored: fields.isMirrored ?? false,
    keypointOrder: fields.keypointOrder,
    keypoints: fields.keypoints,
    visibility: fields.visibility,
    keypoints3d: fields.keypoints3d,
    keypoints3dValid: fields.keypoints3dValid,
    camera: fields.camera,
    bbox: fields.bbox ?? boxOfKeypoints(fields.keypoints, fields.visibility),
    mano: fields.mano,
    handParameters: fields.handParameters,
    crop: fields.crop,
    subject: fields.subject,
    sequence: fields.sequence,
  };
}

/** Arrays of zeros for one record in one piece of memory: a piece takes 1 µs (with its collection), a view of it 0.07. */
export function floatsOf(...lengths: readonly number[]): Float64Array[] {
  let total = 0;
  for (const length of lengths) total += length;
  const whole = new Float64Array(total);
  let at = 0;
  return lengths.map((length) => whole.subarray(at, (at += length)));
}

/**
 * 2D points and COCO visibilities of [21, 3] rows x, y, v.
 *
 * @param rows [63]
 * @param seen from which v on a keypoint counts as labelled; 1 where v is a flag, a threshold where it is a confidence
 */
export function splitRows(rows: ArrayLike<number>, seen = 1): { keypoints: Float64Array; visibility: Uint8Array } {
  const keypoints = new Float64Array(42);
  const visibility = new Uint8Array(21);
  for (let i = 0; i < 21; i++) {
    const flag = rows[3 * i + 2]!;
    if (flag < seen) continue;
    keypoints[2 * i] = rows[3 * i]!;
    keypoints[2 * i + 1] = rows[3 * i + 1]!;
    visibility[i] = 2;
  }
  return { keypoints, visibility };
}
