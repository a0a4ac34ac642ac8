const JOINTS = 16;

/** Where keypoints are found on one model, see `keypointSources`. */
export interface KeypointPlaces {
  /** Five vertex ids: thumb, index, middle, ring, pinky. */
  readonly fingertips: readonly number[];
  /** Vertices whose mean is the palm centre; empty where no source asks for it. */
  readonly palm: readonly number[];
  /** Source of each keypoint: joints 0–15, fingertips 16–20, palm 21. */
  readonly sources: readonly number[];
}

/** The keypoints of a posed hand, [sources.length, 3]. */
export function pickKeypoints(
  joints: Float64Array,
  vertices: Float64Array,
  { fingertips, palm, sources }: KeypointPlaces,
): Float64Array {
  const points = new Float64Array((JOINTS + 6) * 3);
  points.set(joints);
  fingertips.forEach((v, n) => points.set(vertices.subarray(v * 3, v * 3 + 3), (JOINTS + n) * 3));
  for (const v of palm) {
    for (let i = 0; i < 3; i++) points[(JOINTS + 5) * 3 + i]! += vertices[v * 3 + i]! / palm.length;
  }
  const keypoints = new Float64Array(sources.length * 3);
  sources.forEach((source, k) => keypoints.set(points.subarray(source * 3, source * 3 + 3), k * 3));
  return keypoints;
}
