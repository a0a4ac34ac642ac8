import { type KeypointOrderName, reorder } from '@opposable/keypoint-order';
import { ConfigError } from '@opposable/tensor-checks';
import type { PicturePoint } from './keypoint-fit.js';

/**
 * 21 keypoints of a JSON text in any named order: a list of [x, y] or [x, y, more], or an object with it under `keypoints`;
 * null where a keypoint is not known.
 *
 * @returns in the order 'panoptic'
 * @throws ConfigError if the text is something else
 */
export function readKeypoints(text: string, order: KeypointOrderName): PicturePoint[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(
      `keypoints: expected JSON, got a text that begins with ${JSON.stringify(text.slice(0, 20))}.`,
      {
        cause,
      },
    );
  }
  const list = Array.isArray(content) ? content : (content as { keypoints?: unknown } | null)?.keypoints;
  if (!Array.isArray(list) || list.length !== 21) {
    const found = Array.isArray(list) ? `${list.length} entries` : 'no list';
    throw new ConfigError(`keypoints: expected a list of 21 points [x, y], or { "keypoints": list }, got ${found}.`);
  }
  const points = list.map((entry: unknown, i): PicturePoint => {
    if (entry === null) return undefined;
    const [x, y] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y)) {
      throw new ConfigError(`keypoints: expected numbers [x, y] at ${i}, got ${JSON.stringify(entry).slice(0, 40)}.`);
    }
    return [x, y];
  });
  return reorder<PicturePoint>(points, order, 'panoptic');
}
