import type { PredictedHand } from '@opposable/hand-training/predict';
import { loadOpenHand } from '@opposable/open-hand';
import { drawMesh } from '../draw-mesh.js';
import { drawKeypoints } from '../hand/draw-keypoints.js';
import type { Placement } from '../placement.js';
import type { Square } from './square.js';

const HANDLE = 5;

/** The mesh of a hand, its vertices in pixels of the picture. */
export function drawHand(
  context: CanvasRenderingContext2D,
  { vertices, camera, side }: PredictedHand,
  alpha = 1,
): void {
  const { scale, translation } = camera;
  const pixels = Float32Array.from(vertices).map((value, i) => scale * value + (translation[i % 3] ?? 0));
  drawMesh(context, pixels, loadOpenHand(side).faces, alpha);
}

/** What the network does not see is darker; the square has corners to be taken by. */
function drawSquare(
  context: CanvasRenderingContext2D,
  { x, y, side }: Square,
  { width, height }: HTMLCanvasElement,
  scale: number,
): void {
  context.save();
  context.beginPath();
  context.rect(0, 0, width, height);
  context.rect(x, y, side, side);
  context.fillStyle = 'rgb(0 0 0 / 0.45)';
  context.fill('evenodd');
  for (const [color, line] of [
    ['rgb(0 0 0 / 0.6)', 4],
    ['white', 2],
  ] as const) {
    context.strokeStyle = context.fillStyle = color;
    context.lineWidth = line / scale;
    context.strokeRect(x, y, side, side);
    const reach = (HANDLE + line / 2 - 1) / scale;
    for (const [cx, cy] of [
      [x, y],
      [x + side, y],
      [x, y + side],
      [x + side, y + side],
    ] as const)
      context.fillRect(cx - reach, cy - reach, 2 * reach, 2 * reach);
  }
  context.restore();
}

export interface DrawPhotoOptions {
  readonly square: Square;
  readonly hand: PredictedHand | undefined;
  readonly mesh: boolean;
  readonly keypoints: boolean;
}

/**
 * A picture with its crop and its hand.
 *
 * @param ratio device pixels of a CSS pixel
 * @param placement of the picture, in CSS pixels
 */
export function drawPhoto(
  context: CanvasRenderingContext2D,
  picture: HTMLCanvasElement,
  { scale, left, top }: Placement,
  ratio: number,
  { square, hand, mesh, keypoints }: DrawPhotoOptions,
): void {
  context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
  context.drawImage(picture, 0, 0);
  // pixel centres at integers: pixel 0 of the picture covers −½ … ½
  context.translate(0.5, 0.5);
  if (hand && mesh) drawHand(context, hand, 0.9);
  context.translate(-0.5, -0.5);
  drawSquare(context, square, picture, scale);
  if (hand === undefined || !keypoints) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const at = (k: number, axis: number): number => scale * (hand.keypoints[2 * k + axis]! + 0.5);
  const points = Array.from({ length: 21 }, (_, k) => [left + at(k, 0), top + at(k, 1)] as const);
  drawKeypoints(context, points, 'panoptic', { bones: true, numbers: false });
}
