import { createImage } from '../create-image.js';
import { BYTE_OF_LINEAR, LINEAR_OF_BYTE, LINEAR_STEPS } from '../srgb.js';
import type { Color, RgbImage } from '../types.js';
import { barycentrics } from './barycentrics.js';
import type { SampleProjection } from './project-to-samples.js';
import type { RenderBuffers } from './render-buffers.js';
import type { RenderedMesh } from './render-mesh.js';

function toByte(linear: number): number {
  return BYTE_OF_LINEAR[linear >= 1 ? LINEAR_STEPS : (linear * LINEAR_STEPS + 0.5) | 0]!;
}

/** Shades the visible faces and averages the samples of each pixel with the background. */
export function resolveSamples(
  buffers: RenderBuffers,
  projection: SampleProjection,
  width: number,
  height: number,
  antialias: number,
  background: RgbImage | Color,
): RenderedMesh {
  const { faces, visible, nearness, front, back } = buffers;
  const color =
    'data' in background ? { width, height, data: background.data.slice() } : createImage(width, height, background);
  const pixels = color.data;
  const depth = new Float32Array(width * height).fill(Infinity);
  const mask = new Uint8Array(width * height);
  const vertexIds = new Int32Array(width * height).fill(-1);
  const faceIds = new Int32Array(width * height).fill(-1);
  const weights = new Float64Array(3);
  const columns = width * antialias;
  const samples = antialias * antialias;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const pixel = row * width + column;
      let covered = 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      let nearest = -Infinity;
      for (let sampleRow = row * antialias; sampleRow < (row + 1) * antialias; sampleRow++) {
        for (let sampleColumn = column * antialias; sampleColumn < (column + 1) * antialias; sampleColumn++) {
          const sample = sampleRow * columns + sampleColumn;
          const id = visible[sample]!;
          if (id < 0) continue;
          covered++;
          const face = id >> 1;
          barycentrics(buffers, projection, face, sampleColumn, sampleRow, weights);
          const wa = weights[0]!;
          const wb = weights[1]!;
          const wc = weights[2]!;
          const va = faces[face * 3]!;
          const vb = faces[face * 3 + 1]!;
          const vc = faces[face * 3 + 2]!;
          const side = (id & 1) === 0 ? front : back;
          red += wa * side[va * 3]! + wb * side[vb * 3]! + wc * side[vc * 3]!;
          green += wa * side[va * 3 + 1]! + wb * side[vb * 3 + 1]! + wc * side[vc * 3 + 1]!;
          blue += wa * side[va * 3 + 2]! + wb * side[vb * 3 + 2]! + wc * side[vc * 3 + 2]!;
          if (nearness[sample]! > nearest) {
            nearest = nearness[sample]!;
            faceIds[pixel] = face;
            vertexIds[pixel] = wa >= wb && wa >= wc ? va : wb >= wc ? vb : vc;
          }
        }
      }
      if (covered === 0) continue;
      const share = (samples - covered) / samples;
      pixels[pixel * 3] = toByte(red / samples + share * LINEAR_OF_BYTE[pixels[pixel * 3]!]!);
      pixels[pixel * 3 + 1] = toByte(green / samples + share * LINEAR_OF_BYTE[pixels[pixel * 3 + 1]!]!);
      pixels[pixel * 3 + 2] = toByte(blue / samples + share * LINEAR_OF_BYTE[pixels[pixel * 3 + 2]!]!);
      mask[pixel] = Math.round((255 * covered) / samples);
      depth[pixel] = projection.perspective ? 1 / nearest : -nearest;
    }
  }
  return { color, depth, mask: { width, height, data: mask }, vertexIds, faceIds };
}
