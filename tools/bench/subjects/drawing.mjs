import { createRenderBuffers, renderMesh } from '@opposable/drawing';
import { decodeHandParameters, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { milliseconds, row } from '../measure.mjs';

export const title = 'renderMesh, open hand, 128 × 128, one core';

export async function measure() {
  const hand = loadOpenHand('right');
  const { vertices3d } = decodeHandParameters(hand, HAND_PARAMETER_MEAN);
  const mesh = { vertices: vertices3d, faces: hand.faces, colors: hand.vertexColors };
  const camera = { kind: 'weak-perspective', scale: 272, translation: [63.5, 63.5] };
  const buffers = createRenderBuffers();
  const triangles = hand.faces.length / 3;
  const rows = [];
  let plain;
  for (const antialias of [1, 2, 3]) {
    const options = { width: 128, height: 128, antialias, buffers };
    const ms = await milliseconds(() => renderMesh(mesh, camera, options), { warmUp: 50, minimum: 50, maximum: 1000 });
    plain ??= ms;
    const name = antialias === 1 ? 'one sample per pixel' : `${antialias} × ${antialias} samples per pixel`;
    const compared = antialias === 1 ? '' : `${(ms / plain).toFixed(1)} × as long as one sample`;
    rows.push(
      row(`${name}: images`, 1000 / ms, '/s', compared),
      row(`${name}: triangles`, triangles / ms / 1000, 'million/s', compared),
    );
  }
  return rows;
}
