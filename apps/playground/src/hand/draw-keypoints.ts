import { jointColors, type KeypointOrderName, skeleton } from '@opposable/keypoint-order';
import type { Projector } from './hand-scene.js';

const DOT = 5;
const FULL_SIDE = 450;

/** What is drawn of keypoints. */
export interface KeypointDrawing {
  readonly bones: boolean;
  readonly numbers: boolean;
  /** One that is drawn large. */
  readonly marked?: number | undefined;
  /** [21] whether something in the picture hides a keypoint: such a one is a ring, and its bones are dashed. */
  readonly hidden?: readonly boolean[] | undefined;
  /** Shorter side of a small picture, in pixels: dots and lines of more than 450 do not grow. */
  readonly side?: number | undefined;
}

/** Bones and joints of a hand over the picture, those that are known, with the numbers of an order where they are asked for. */
export function drawKeypoints(
  context: CanvasRenderingContext2D,
  points: readonly (readonly [x: number, y: number] | undefined)[],
  order: KeypointOrderName,
  { bones, numbers, marked, hidden, side = FULL_SIDE }: KeypointDrawing,
): void {
  const colors = jointColors(order).map((color) => `rgb(${color.join(' ')})`);
  const size = Math.min(1, Math.max(0.4, side / FULL_SIDE));
  context.lineCap = 'round';
  if (bones) {
    for (const [color, width] of [
      ['rgb(0 0 0 / 0.55)', 6],
      [undefined, 3.5],
    ] as const)
      // prettier-ignore
      for (const [a, b] of skeleton(order)) {
        const [from, to] = [points[a], points[b]];
        if (from === undefined || to === undefined) continue;
        context.strokeStyle = color ?? colors[b]!;
        context.lineWidth = size * width;
        context.setLineDash(hidden?.[a] || hidden?.[b] ? [2 * size, 7 * size] : []);
        context.beginPath();
        context.moveTo(...from);
        context.lineTo(...to);
        context.stroke();
      }
    context.setLineDash([]);
  }
  context.font = '600 11px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  points.forEach((point, i) => {
    if (point === undefined) return;
    const [x, y] = point;
    context.beginPath();
    context.arc(x, y, i === marked ? 2.4 * DOT : numbers ? 9 : size * DOT, 0, 2 * Math.PI);
    const isRing = hidden?.[i] === true && !numbers;
    context.fillStyle = isRing ? 'rgb(0 0 0 / 0.35)' : colors[i]!;
    context.strokeStyle = isRing ? colors[i]! : 'rgb(0 0 0 / 0.7)';
    context.lineWidth = i === marked ? 3 : size * (isRing ? 2.5 : 1.5);
    context.fill();
    context.stroke();
    if (!numbers) return;
    context.fillStyle = 'rgb(0 0 0 / 0.9)';
    context.fillText(String(i), x, y + 0.5);
  });
}

/** Ids of the vertices that face the camera; where they would overlap, one of them, so that more appear as one comes nearer. */
export function drawVertexIds(
  context: CanvasRenderingContext2D,
  vertices: Float32Array,
  normals: ArrayLike<number>,
  project: Projector,
): void {
  const [cellWidth, cellHeight] = [15, 7];
  const taken = new Set<string>();
  const { x: cx, y: cy, z: cz } = project.camera;
  context.font = '10px ui-monospace, monospace';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let i = 0; i < vertices.length; i += 3) {
    const [x, y, z] = [vertices[i]!, vertices[i + 1]!, vertices[i + 2]!];
    const facing = normals[i]! * (cx - x) + normals[i + 1]! * (cy - y) + normals[i + 2]! * (cz - z);
    const [u, v, distance] = project(x, y, z);
    if (facing < 0.25 * distance || u < 0 || v < 0 || u > project.width || v > project.height) continue;
    const [column, row] = [Math.floor(u / cellWidth), Math.floor(v / cellHeight)];
    const near = [-2, -1, 0, 1, 2].some((dx) =>
      [-2, -1, 0, 1, 2].some((dy) => taken.has(`${column + dx} ${row + dy}`)),
    );
    if (near) continue;
    taken.add(`${column} ${row}`);
    context.lineWidth = 3;
    context.strokeStyle = 'rgb(255 255 255 / 0.8)';
    context.strokeText(String(i / 3), u, v);
    context.fillStyle = '#15202b';
    context.fillText(String(i / 3), u, v);
  }
}
