import type { GrayImage } from '@opposable/drawing';
import type { KeypointOrderName } from '@opposable/keypoint-order';
import { drawKeypoints } from '../hand/draw-keypoints.js';
import { placementOf } from '../placement.js';
import type { Shown } from './data-state.js';
import type { LoadedSample } from './load-sample.js';

const TINT = [45, 212, 191] as const;
const TINT_ALPHA = 0.5;

/** A picture that tints the hand of a mask. */
export function tintOf({ width, height, data }: GrayImage): OffscreenCanvas {
  const pixels = new ImageData(width, height);
  data.forEach((value, i) => pixels.data.set([...TINT, TINT_ALPHA * value], 4 * i));
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(pixels, 0, 0);
  return canvas;
}

/** Draws a sample into a canvas in its pixels of the page: picture, tint of the mask, box, skeleton. */
export function drawSample(
  canvas: HTMLCanvasElement,
  { annotation, record, picture }: LoadedSample,
  tint: OffscreenCanvas | undefined,
  { order, shown }: { readonly order: KeypointOrderName; readonly shown: Shown },
): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = Math.min(2, devicePixelRatio);
  [canvas.width, canvas.height] = [width * ratio, height * ratio];
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { scale, left, top } = placementOf(record, { width, height });
  /** The middle of a pixel, which has whole coordinates. */
  const at = (x: number, y: number): readonly [number, number] => [left + scale * (x + 0.5), top + scale * (y + 0.5)];
  const area = [left, top, scale * record.width, scale * record.height] as const;
  if (picture) context.drawImage(picture, ...area);
  else {
    context.strokeStyle = 'rgb(128 140 146 / 0.6)';
    context.strokeRect(...area);
  }
  if (tint && shown.mask) {
    context.imageSmoothingEnabled = false; // the mask's own pixels
    context.drawImage(tint, ...area);
  }
  if (shown.box) {
    const [x, y, boxWidth, boxHeight] = annotation.bbox;
    context.lineWidth = 2;
    context.strokeStyle = '#ffd60a';
    context.setLineDash([6, 4]);
    context.strokeRect(...at(x, y), scale * boxWidth, scale * boxHeight);
    context.setLineDash([]);
  }
  const { keypoints, visibility } = annotation;
  const points = Array.from({ length: 21 }, (_, i) =>
    visibility[i] === 0 ? undefined : at(keypoints[2 * i]!, keypoints[2 * i + 1]!),
  );
  const hidden = Array.from(visibility, (value) => value === 1);
  if (shown.skeleton || shown.numbers) {
    const side = scale * Math.min(record.width, record.height);
    drawKeypoints(context, points, order, { bones: shown.skeleton, numbers: shown.numbers, hidden, side });
  }
}
