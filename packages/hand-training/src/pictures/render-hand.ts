import {
  type Camera,
  copyImage,
  drawSkeleton,
  overlayMesh,
  renderMesh,
  resizeImage,
  type RgbImage,
} from '@opposable/drawing';
import { boneColors, skeleton } from '@opposable/keypoint-order';
import type { ManoModel } from '@opposable/mano-layer/conventions';

const EDGES = skeleton('panoptic');
const BONE_COLORS = boneColors();

/** A photo enlarged (or reduced) to `size` × `size`. */
export function enlarge(image: RgbImage, size: number): RgbImage {
  return image.width === size && image.height === size ? image : resizeImage(image, size, size);
}

/** A new image: 21 keypoints ('panoptic' order) and their bones over a photo, in the photo's pixels. */
export function withSkeleton(image: RgbImage, keypoints: ArrayLike<number>, visibility?: ArrayLike<number>): RgbImage {
  const copy = copyImage(image);
  drawSkeleton(copy, keypoints, { edges: EDGES, colors: BONE_COLORS, visibility });
  return copy;
}

function meshOf(model: ManoModel, vertices: ArrayLike<number>) {
  return { vertices, faces: model.faces, colors: model.vertexColors };
}

/** A new image: the mesh over a photo. Vertices in the camera frame, camera in the photo's pixels. */
export function withMesh(image: RgbImage, model: ManoModel, vertices: ArrayLike<number>, camera: Camera): RgbImage {
  return overlayMesh(image, meshOf(model, vertices), camera, { opacity: 0.85 });
}

/**
 * The mesh alone, turned about the vertical axis through its centre, filling the picture.
 *
 * @param vertices [V, 3] image axes (x right, y down, z away)
 */
export function turnedView(model: ManoModel, vertices: ArrayLike<number>, degrees: number, size: number): RgbImage {
  const count = vertices.length / 3;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i++) {
    low[i % 3] = Math.min(low[i % 3]!, vertices[i]!);
    high[i % 3] = Math.max(high[i % 3]!, vertices[i]!);
  }
  const centre = low.map((value, axis) => (value + high[axis]!) / 2);
  const radius = Math.hypot(...low.map((value, axis) => (high[axis]! - value) / 2));
  const angle = (degrees * Math.PI) / 180;
  const turned = new Float64Array(vertices.length);
  for (let v = 0; v < count; v++) {
    const x = vertices[v * 3]! - centre[0]!;
    const z = vertices[v * 3 + 2]! - centre[2]!;
    turned[v * 3] = Math.cos(angle) * x + Math.sin(angle) * z;
    turned[v * 3 + 1] = vertices[v * 3 + 1]! - centre[1]!;
    turned[v * 3 + 2] = -Math.sin(angle) * x + Math.cos(angle) * z;
  }
  const middle = (size - 1) / 2;
  return renderMesh(
    meshOf(model, turned),
    { kind: 'weak-perspective', scale: (0.48 * size) / radius, translation: [middle, middle] },
    { width: size, height: size, background: [245, 246, 248], antialias: 2 },
  ).color;
}
