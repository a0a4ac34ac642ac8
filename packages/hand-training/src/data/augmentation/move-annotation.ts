import type { HandAnnotation } from '@opposable/hand-datasets';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { axisAngleToMatrix, matrixToAxisAngle, multiply3x3 } from '@opposable/geometry/host';
import { rescalePixel, toParameterFrame } from '../frame.js';
import { movePoint, scaleOf, type Similarity } from './similarity.js';

/** R(φ) about the optical axis and its inverse: a turned image is one of a turned camera. */
export function turnOf(map: Similarity): { readonly forward: Float64Array; readonly back: Float64Array } {
  const scale = scaleOf(map);
  const [cos, sin] = [map.cos / scale, map.sin / scale];
  return {
    forward: Float64Array.of(cos, -sin, 0, sin, cos, 0, 0, 0, 1),
    back: Float64Array.of(cos, sin, 0, -sin, cos, 0, 0, 0, 1),
  };
}

/** [N, 3] points, each multiplied by a [3, 3] matrix. */
export function turnPoints(points: Float64Array, matrix: Float64Array): Float64Array {
  return points.map((_, i) => {
    const point = i - (i % 3);
    const row = 3 * (i % 3);
    return (
      matrix[row]! * points[point]! + matrix[row + 1]! * points[point + 1]! + matrix[row + 2]! * points[point + 2]!
    );
  });
}

/**
 * The 22 numbers under a similarity of the pixels.
 *
 * @param from side of the square image whose pixels the map starts from
 */
export function moveHandParameters(parameters: Float64Array, map: Similarity, from: number): Float64Array {
  const moved = parameters.slice();
  moved[0] = (parameters[0]! * scaleOf(map) * from) / map.size;
  const [u, v] = [1, 2].map((i) => rescalePixel(parameters[i]!, HAND_PARAMETER_FRAME, from)) as [number, number];
  moved.set(
    movePoint(map, u, v).map((value) => toParameterFrame(value, map.size)),
    1,
  );
  const rotated = multiply3x3(turnOf(map).forward, axisAngleToMatrix(parameters.subarray(3, 6)));
  moved.set(matrixToAxisAngle(rotated), 3);
  return moved;
}

/**
 * Every field of an annotation under a similarity of its pixels. The image turns as if the camera had turned about its
 * optical axis: 3D points and the 22 numbers turn with it, and so does what a MANO annotation says of the camera.
 *
 * @param side of the square image that the annotation belongs to
 */
export function moveAnnotation(annotation: HandAnnotation, map: Similarity, side: number): HandAnnotation {
  const { keypoints, keypoints3d, camera, mano, handParameters, crop, bbox } = annotation;
  const { forward, back } = turnOf(map);
  const affine = Float64Array.of(map.cos, -map.sin, map.x, map.sin, map.cos, map.y, 0, 0, 1);
  const moved = Float64Array.from(keypoints);
  for (let i = 0; i < moved.length; i += 2) moved.set(movePoint(map, keypoints[i]!, keypoints[i + 1]!), i);
  const [left, top, width, height] = bbox;
  const corners = [0, 1, 2, 3].map((i) => movePoint(map, left + (i & 1) * width, top + (i >> 1) * height));
  const low = [0, 1].map((axis) => Math.min(...corners.map((corner) => corner[axis]!))) as [number, number];
  const high = [0, 1].map((axis) => Math.max(...corners.map((corner) => corner[axis]!))) as [number, number];
  const toCamera = mano?.worldToCamera ?? Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
  return {
    ...annotation,
    keypoints: moved,
    bbox: [...low, high[0] - low[0], high[1] - low[1]],
    keypoints3d: keypoints3d && turnPoints(keypoints3d, forward),
    // pixels = A·K·X/Z = (A·K·R⁻¹)·(R·X)/Z
    camera: camera && multiply3x3(multiply3x3(affine, camera), back),
    mano: mano && { ...mano, worldToCamera: turnColumns(toCamera, forward) },
    handParameters: handParameters && moveHandParameters(handParameters, map, side),
    crop: multiply3x3(affine, Float64Array.of(...(crop ?? [1, 0, 0, 0, 1, 0]), 0, 0, 1)).slice(0, 6),
  };
}

/** R · [3, 4] */
function turnColumns(matrix: Float64Array, rotation: Float64Array): Float64Array {
  return matrix.map((_, i) => {
    const [row, column] = [3 * Math.floor(i / 4), i % 4];
    return rotation[row]! * matrix[column]! + rotation[row + 1]! * matrix[column + 4]! + rotation[row + 2]! * matrix[column + 8]!; // prettier-ignore
  });
}
