/**
 * Draws docs/images/drawing-outputs.png: every output of a scene, shadows off and on, anti-aliasing 1, 2 and 4.
 * Needs the built packages (`npm run compile`):
 *
 *   node tools/draw-outputs.mjs
 */
import { writeFile } from 'node:fs/promises';
import {
  boundsOf,
  contactSheet,
  createSceneRenderer,
  cropImage,
  encodePng,
  fitCamera,
  paintDepth,
  paintIds,
  paintNormals,
  resizeImage,
  turnVertices,
} from '@opposable/drawing';
import { decodeHandParameters, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';

const SIZE = 256;
const BACKGROUND = [92, 110, 128];
const hand = loadOpenHand('right');
const joints = hand.lbsWeights.length / hand.vertexCount;
const parts = Array.from({ length: hand.vertexCount }, (_, v) => {
  const weights = Array.from(hand.lbsWeights.subarray(v * joints, (v + 1) * joints));
  return weights.indexOf(Math.max(...weights));
});

const { vertices3d } = decodeHandParameters(hand, HAND_PARAMETER_MEAN);
const vertices = turnVertices(vertices3d, { yaw: -35, pitch: -20 });
const { radius } = boundsOf(vertices);

/** A ball of n × m quads. */
function ball(size, [cx, cy, cz], n = 40, m = 20) {
  const points = [];
  const faces = [];
  const at = (j, i) => j * (n + 1) + i;
  for (let j = 0; j <= m; j++)
    for (let i = 0; i <= n; i++) {
      const [polar, around] = [(Math.PI * j) / m, (2 * Math.PI * i) / n];
      const ring = size * Math.sin(polar);
      points.push(cx + ring * Math.cos(around), cy - size * Math.cos(polar), cz + ring * Math.sin(around));
      if (j < m && i < n)
        faces.push(at(j, i), at(j, i + 1), at(j + 1, i), at(j, i + 1), at(j + 1, i + 1), at(j + 1, i));
    }
  return { vertices: points, faces };
}
const wallAt = 0.75 * radius;
const corner = 1.5 * radius;
const wall = {
  vertices: [-corner, -corner, wallAt, corner, -corner, wallAt, corner, corner, wallAt, -corner, corner, wallAt],
  faces: [0, 3, 2, 0, 2, 1],
  colors: new Array(12).fill(0.78),
};
const checks = ball(0.2 * radius, [0.52 * radius, 0.3 * radius, -0.5 * radius]);
const skin = {
  ...{ vertices, faces: hand.faces, colors: hand.vertexColors, parts },
  material: { specular: 0.028, roughness: 0.42, wrap: [0.25, 0.1, 0.05] },
};
const occluder = {
  ...checks,
  coordinates: checks.vertices,
  material: { specular: 0.05, roughness: 0.25 },
  surface: ({ count, cx, cy, cz, red, green, blue }) => {
    const step = 0.1 * radius;
    for (let i = 0; i < count; i++) {
      const odd = (Math.floor(cx[i] / step) + Math.floor(cy[i] / step) + Math.floor(cz[i] / step)) & 1;
      red[i] = odd === 0 ? 0.05 : 0.85;
      green[i] = odd === 0 ? 0.25 : 0.8;
      blue[i] = odd === 0 ? 0.5 : 0.7;
    }
  },
};
const camera = fitCamera(vertices, { width: SIZE, height: SIZE, margin: 0.08 });
const renderer = createSceneRenderer();
const lights = (shadow) => [
  { kind: 'directional', direction: [0.55, 0.5, 1], intensity: 0.72, shadow: shadow && { size: 1024, softness: 2 } },
  {
    kind: 'spherical-harmonics',
    coefficients: [0.7, 0.75, 0.85, -0.25, -0.25, -0.25, ...new Array(21).fill(0)],
  },
];
const draw = (meshes, antialias, shadow, outputs = ['color']) =>
  renderer.render({ meshes, lights: lights(shadow), ambient: 0.03 }, camera, {
    ...{ width: SIZE, height: SIZE, background: BACKGROUND, antialias, outputs },
  });
const gray = ({ width, height, data }) => ({
  width,
  height,
  data: Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]),
});
const close = (image) =>
  resizeImage(cropImage(image, { x: 40, y: 40, width: 64, height: 64 }), SIZE, SIZE, { method: 'nearest' });

const two = [skin, occluder];
const out = draw(two, 4, true, ['color', 'mask', 'objectMasks', 'depth', 'normals', 'parts', 'objects']);
const cells = [
  ['shadows off', draw([skin, occluder, wall], 4, false).color],
  ['shadows on', draw([skin, occluder, wall], 4, true).color],
  ['over a background', out.color],
  ['mask: coverage', gray(out.mask)],
  ['mask of the hand alone', gray(out.objectMasks[0])],
  ['depth', paintDepth(out.depth, out.mask)],
  ['normals', paintNormals(out.normals, out.mask)],
  ['parts', paintIds(out.parts, out.mask)],
  ['objects', paintIds(out.objects, out.mask)],
  ['1 sample a pixel', close(draw(two, 1, true).color)],
  ['2 x 2 samples', close(draw(two, 2, true).color)],
  ['4 x 4 samples', close(draw(two, 4, true).color)],
];
const sheet = contactSheet(
  cells.map(([, image]) => image),
  { columns: 6, labels: cells.map(([label]) => label) },
);
await writeFile(new URL('../docs/images/drawing-outputs.png', import.meta.url), encodePng(sheet));
