import {
  type Camera,
  copyImage,
  drawSkeleton,
  overlayMesh,
  renderView,
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
  return renderView(meshOf(model, vertices), { width: size, height: size, yaw: degrees });
}
