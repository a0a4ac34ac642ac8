/** Width of the edges in pixels of the screen: just enough to close the seams between triangles. */
const SEAM = 0.8;

/**
 * Triangles of a mesh over a picture, farthest first, lit from the viewer: vertices [V, 3] in pixels, y down, z away.
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

function drawTriangles(
  context: OffscreenCanvasRenderingContext2D,
  vertices: Float32Array,
  faces: ArrayLike<number>,
): void {
  const triangles: { readonly a: number; readonly b: number; readonly c: number; readonly depth: number }[] = [];
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [3 * faces[f]!, 3 * faces[f + 1]!, 3 * faces[f + 2]!];
    triangles.push({ a, b, c, depth: vertices[a + 2]! + vertices[b + 2]! + vertices[c + 2]! });
  }
  context.lineJoin = 'round';
  context.lineWidth = SEAM / Math.abs(context.getTransform().a); // however much the picture is enlarged
  triangles.sort((left, right) => right.depth - left.depth);
  for (const { a, b, c } of triangles) {
    const [ux, uy, uz] = [0, 1, 2].map((k) => vertices[b + k]! - vertices[a + k]!) as [number, number, number];
    const [vx, vy, vz] = [0, 1, 2].map((k) => vertices[c + k]! - vertices[a + k]!) as [number, number, number];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const light = Math.max(0, -nz / (Math.hypot(nx, ny, nz) || 1)); // y down, z away: outward normals of what is seen have z < 0
    if (light <= 0) continue;
    const shade = 0.45 + 0.55 * light;
    context.fillStyle = context.strokeStyle = `rgb(${230 * shade} ${172 * shade} ${146 * shade})`;
    context.beginPath();
    context.moveTo(vertices[a]!, vertices[a + 1]!);
    context.lineTo(vertices[b]!, vertices[b + 1]!);
    context.lineTo(vertices[c]!, vertices[c + 1]!);
    context.closePath();
    context.fill();
    context.stroke();
  }
}
