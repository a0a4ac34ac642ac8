import { isSeen, shadeGradient, vertexShades } from './shading.js';

/** Width of the edges in pixels of the screen: just enough to close the seams between triangles. */
const SEAM = 0.8;
const SKIN = [230, 172, 146] as const;

/**
 * Triangles of a mesh over a picture, farthest first, lit smoothly from the viewer: vertices [V, 3] in pixels, y down, z away.
 *
 * @param alpha of the mesh as a whole: neither its seams nor what lies behind its front shows through
 */
export function drawMesh(
  context: CanvasRenderingContext2D,
  vertices: Float32Array,
  faces: ArrayLike<number>,
  alpha = 1,
): void {
  const { width, height } = context.canvas;
  const solid = new OffscreenCanvas(width, height).getContext('2d')!;
  solid.setTransform(context.getTransform());
  drawTriangles(solid, vertices, faces);
  context.save();
  context.resetTransform();
  context.globalAlpha = alpha;
  context.drawImage(solid.canvas, 0, 0);
  context.restore();
}

const shaded = (shade: number): string => `rgb(${SKIN.map((value) => value * shade).join(' ')})`;

function drawTriangles(
  context: OffscreenCanvasRenderingContext2D,
  vertices: Float32Array,
  faces: ArrayLike<number>,
): void {
  const triangles: { readonly corners: readonly [number, number, number]; readonly depth: number }[] = [];
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [faces[f]!, faces[f + 1]!, faces[f + 2]!] as const;
    if (!isSeen(vertices, ...corners)) continue;
    triangles.push({ corners, depth: corners.reduce((sum, corner) => sum + vertices[3 * corner + 2]!, 0) });
  }
  context.lineJoin = 'round';
  context.lineWidth = SEAM / Math.abs(context.getTransform().a); // however much the picture is enlarged
  triangles.sort((left, right) => right.depth - left.depth);
  const shades = vertexShades(vertices, faces);
  for (const { corners } of triangles) {
    context.fillStyle = context.strokeStyle = paintOf(context, vertices, shades, corners);
    context.beginPath();
    for (const corner of corners) context.lineTo(vertices[3 * corner]!, vertices[3 * corner + 1]!);
    context.closePath();
    context.fill();
    context.stroke();
  }
}

function paintOf(
  context: OffscreenCanvasRenderingContext2D,
  vertices: Float32Array,
  shades: Float32Array,
  corners: readonly [number, number, number],
): string | CanvasGradient {
  const gradient = shadeGradient(vertices, shades, corners);
  if (typeof gradient === 'number') return shaded(gradient);
  const paint = context.createLinearGradient(...gradient.from, ...gradient.to);
  gradient.shades.forEach((shade, end) => paint.addColorStop(end, shaded(shade)));
  return paint;
}
