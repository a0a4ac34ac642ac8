const KEYPOINTS = 21;

/** Root mean square distance of the seen keypoints from their mean. */
function extent(points: ArrayLike<number>, visibility: ArrayLike<number>, hand: number): number {
  let [x, y, squares, count] = [0, 0, 0, 0];
  for (let k = hand * KEYPOINTS; k < (hand + 1) * KEYPOINTS; k++) {
    if (!(visibility[k]! > 0)) continue;
    x += points[k * 2]!;
    y += points[k * 2 + 1]!;
    squares += points[k * 2]! ** 2 + points[k * 2 + 1]! ** 2;
    count++;
  }
  return count < 2 ? NaN : Math.sqrt(Math.max(0, squares / count - (x / count) ** 2 - (y / count) ** 2));
}

/**
 * How large the projected hand is beside the true one: the mean over hands of the ratio of their extents, the root mean
 * square distances of the seen keypoints from their mean. A hand that shrinks inside its mask has a ratio below 1.
 *
 * @param predicted [N, 21, 2]
 * @param truth [N, 21, 2], the same unit
 * @param visibility [N, 21], 0 for unknown
 * @returns NaN if no hand has two seen keypoints apart
 */
export function extentRatio(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  visibility: ArrayLike<number>,
): number {
  let [sum, count] = [0, 0];
  for (let hand = 0; hand < truth.length / (2 * KEYPOINTS); hand++) {
    const size = extent(truth, visibility, hand);
    if (!(size > 0)) continue;
    sum += extent(predicted, visibility, hand) / size;
    count++;
  }
  return count === 0 ? NaN : sum / count;
}
