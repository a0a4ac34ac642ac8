import type { Projector } from './hand-scene.js';

const AXES = [['x', '#e5484d', [1, 0, 0]], ['y', '#30a46c', [0, 1, 0]], ['z', '#3e8bf0', [0, 0, 1]]] as const; // prettier-ignore

/** The axes of the numbers, as they lie, at the lower left of the picture. */
export function drawAxes(context: CanvasRenderingContext2D, project: Projector, at: ArrayLike<number>): void {
  const origin = project(at[0]!, at[1]!, at[2]!);
  const [left, bottom] = [52, project.height - 60];
  const step = 0.01;
  const ends = AXES.map(([name, color, [x, y, z]]) => {
    const end = project(at[0]! + step * x, at[1]! + step * y, at[2]! + step * z);
    return { name, color, x: end[0] - origin[0], y: end[1] - origin[1], distance: end[2] };
  });
  const longest = Math.max(...ends.map(({ x, y }) => Math.hypot(x, y)), 1e-9);
  context.font = '600 12px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const { name, color, x, y } of ends.sort((a, b) => b.distance - a.distance)) {
    const scale = 26 / longest;
    context.strokeStyle = context.fillStyle = color;
    context.lineWidth = 2.5;
    context.beginPath();
    context.moveTo(left, bottom);
    context.lineTo(left + scale * x, bottom + scale * y);
    context.stroke();
    context.fillText(name, left + (scale * x * 36) / 26, bottom + (scale * y * 36) / 26);
  }
}
