/** Synthetic hands in shared memory: pictures, keypoints, shape in units of the hand's length. */
import { streamHands } from '@opposable/hand-synthesis/node';

/** Wrist to the tip of the middle finger along its bones, panoptic order, in the unit of the points. */
export function handLength(points) {
  const chain = [0, 9, 10, 11, 12];
  let length = 0;
  for (let i = 1; i < chain.length; i++) {
    const [a, b] = [3 * chain[i - 1], 3 * chain[i]];
    length += Math.hypot(points[a] - points[b], points[a + 1] - points[b + 1], points[a + 2] - points[b + 2]);
  }
  return length;
}

/** @returns images { data, count, size } and labels { keypoints [N, 42], shape [N, 63] from the middle knuckle */
export async function makeData({ count, size, seed, synthesis, onProgress }) {
  const shared = (bytes) => new SharedArrayBuffer(bytes);
  const images = { data: new Uint8Array(shared(count * size * size * 3)), count, size };
  const labels = {
    keypoints: new Float32Array(shared(count * 42 * 4)),
    shape: new Float32Array(shared(count * 63 * 4)),
  };
  let n = 0;
  for await (const hand of streamHands({ ...synthesis, seed, count, size })) {
    images.data.set(hand.image.data, n * size * size * 3);
    labels.keypoints.set(hand.keypoints, 42 * n);
    const length = handLength(hand.keypoints3d);
    const root = 27;
    for (let i = 0; i < 63; i++) {
      labels.shape[63 * n + i] = (hand.keypoints3d[i] - hand.keypoints3d[root + (i % 3)]) / length;
    }
    if (++n % 1000 === 0) onProgress?.(n);
  }
  return { images, labels };
}
