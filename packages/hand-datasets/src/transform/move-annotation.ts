/**
 * The one place where annotations move with their pixels.
 *
 * Pixel centres stand at integers: pixel i covers [i − 0.5, i + 0.5]. A resize by r therefore maps u to
 * (u + 0.5)·r − 0.5, and a mirrored image of width W maps u to W − 1 − u. Crops, resizes and mirrors are all
 *
 *     u' = scaleX · u + offsetX      v' = scaleY · v + offsetY      (scaleX < 0 mirrors)
 */
import { mirrorAxisAngles, mirrorPoints3d } from '@opposable/keypoint-order';
import { HAND_PARAMETER_FRAME, MANO_CONVENTIONS, type ManoConvention } from '@opposable/mano-layer/conventions';
import type { HandAnnotation, ManoAnnotation } from '../types.js';

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export interface PixelMap {
  readonly scaleX: number;
  readonly offsetX: number;
  readonly scaleY: number;
  readonly offsetY: number;
}

const MANO_AXIS_ANGLE_LENGTH = 48;
const MIRRORED_EXTRINSICS: ReadonlySet<number> = new Set([1, 2, 3, 4, 8]);

/** A·K·diag(±1, 1, 1): x of the 3D points changes its sign with a mirrored image, so fx keeps its own. */
function moveCamera(camera: Float64Array, map: PixelMap): Float64Array {
  return camera.map((value, i) => {
    const third = camera[6 + (i % 3)]!;
    const moved =
      i < 3 ? map.scaleX * value + map.offsetX * third : i < 6 ? map.scaleY * value + map.offsetY * third : value;
    return i % 3 === 0 ? moved * Math.sign(map.scaleX) : moved;
  });
}

function moveBox([x, y, width, height]: HandAnnotation['bbox'], map: PixelMap): HandAnnotation['bbox'] {
  const left = map.scaleX < 0 ? x + width : x;
  return [
    map.scaleX * left + map.offsetX,
    map.scaleY * y + map.offsetY,
    Math.abs(map.scaleX) * width,
    map.scaleY * height,
  ];
}

/** Whether the pose is in axis-angle by its convention; one that nobody knows may hold coefficients. */
function isAxisAngle({ convention, pose }: ManoAnnotation): boolean {
  const known: Partial<Record<string, ManoConvention>> = MANO_CONVENTIONS;
  return pose.length === MANO_AXIS_ANGLE_LENGTH && known[convention]?.poseRepresentation === 'axis-angle';
}

/** Mirrors axis-angle poses by diag(−1, 1, 1); coefficients of a pose basis have no exact mirror and are dropped. */
function mirrorMano(mano: ManoAnnotation): ManoAnnotation | undefined {
  if (!isAxisAngle(mano)) return undefined;
  return {
    convention: mano.convention,
    pose: mirrorAxisAngles(mano.pose),
    betas: mano.betas.slice(),
    transl: mano.transl && mirrorPoints3d(mano.transl),
    // the mirrored world's camera: D·R·D and D·t with D = diag(−1, 1, 1)
    worldToCamera: mano.worldToCamera?.map((value, i) => (MIRRORED_EXTRINSICS.has(i) ? 0 - value : value)),
  };
}

/** The 22 numbers describe a right hand under one scale: they move exactly if the map is uniform and both images are square. */
function moveHandParameters(
  parameters: Float64Array,
  map: PixelMap,
  from: ImageSize,
  to: ImageSize,
): Float64Array | undefined {
  const uniform = Math.abs(map.scaleX - map.scaleY) <= 1e-12 * map.scaleY;
  if (!uniform || from.width !== from.height || to.width !== to.height) return undefined;
  const pixelsPerUnit = from.width / HAND_PARAMETER_FRAME;
  const unitsPerPixel = HAND_PARAMETER_FRAME / to.width;
  const move = (value: number, scale: number, offset: number): number => {
    const pixel = (value + 0.5) * pixelsPerUnit - 0.5;
    return (scale * pixel + offset + 0.5) * unitsPerPixel - 0.5;
  };
  const moved = parameters.slice();
  moved[0] = parameters[0]! * pixelsPerUnit * map.scaleX * unitsPerPixel;
  moved[1] = move(parameters[1]!, map.scaleX, map.offsetX);
  moved[2] = move(parameters[2]!, map.scaleY, map.offsetY);
  return moved;
}

function moveCropMatrix(crop: Float64Array | undefined, map: PixelMap): Float64Array {
  const [a, b, c, d, e, f] = (crop ?? [1, 0, 0, 0, 1, 0]) as [number, number, number, number, number, number];
  return Float64Array.of(
    map.scaleX * a,
    map.scaleX * b,
    map.scaleX * c + map.offsetX,
    map.scaleY * d,
    map.scaleY * e,
    map.scaleY * f + map.offsetY,
  );
}

/**
 * Every field of an annotation under a map of its pixels.
 *
 * @param annotation the hand in an image of size `from`
 * @param map pixels of that image to pixels of the new one
 * @param from size of the image
 * @param to size of the new image
 */
export function moveAnnotation(
  annotation: HandAnnotation,
  map: PixelMap,
  from: ImageSize,
  to: ImageSize,
): HandAnnotation {
  const mirrored = map.scaleX < 0;
  const { handParameters, camera, mano, keypoints3d } = annotation;
  return {
    ...annotation,
    side: mirrored ? (annotation.side === 'left' ? 'right' : 'left') : annotation.side,
    isMirrored: mirrored ? !annotation.isMirrored : annotation.isMirrored,
    keypoints: annotation.keypoints.map((value, i) =>
      i % 2 === 0 ? map.scaleX * value + map.offsetX : map.scaleY * value + map.offsetY,
    ),
    visibility: annotation.visibility.slice(),
    keypoints3d: mirrored ? keypoints3d?.map((value, i) => (i % 3 === 0 ? 0 - value : value)) : keypoints3d?.slice(),
    keypoints3dValid: annotation.keypoints3dValid?.slice(),
    camera: camera && moveCamera(camera, map),
    bbox: moveBox(annotation.bbox, map),
    mano: mirrored ? mano && mirrorMano(mano) : mano,
    handParameters: handParameters && !mirrored ? moveHandParameters(handParameters, map, from, to) : undefined,
    crop: moveCropMatrix(annotation.crop, map),
  };
}

/** The annotation of a sample, without its pixels. */
export function annotationOf(sample: HandAnnotation & { image?: unknown; mask?: unknown }): HandAnnotation {
  const { image: _image, mask: _mask, ...annotation } = sample;
  return annotation;
}
