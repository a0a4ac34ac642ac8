/**
 * Draws the pictures of the open hand in docs/images: its axes, and what its shape and pose coefficients do.
 * Needs the built packages (`npm run compile`):
 *
 *   node tools/build-open-hand/draw-pictures.mjs
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { contactSheet, drawCircle, drawLine, drawText, encodePng, renderMesh } from '@opposable/drawing';
import { coefficientsToHandPose } from '@opposable/mano-layer/conventions';
import { loadOpenHand, OPEN_HAND_SHAPE_DIRECTIONS } from '@opposable/open-hand';
import { linearBlendSkinning } from '@opposable/skinning/host';
import { rodrigues, unit, cross, scale } from './vectors.mjs';
import { seededRandom } from './random.mjs';

const IMAGES = new URL('../../docs/images/', import.meta.url);
const WHITE = [255, 255, 255];
const hand = loadOpenHand('right');

/** Image axes (right, down, away) of a viewer looking along `away` with −x upwards. */
function looking(away) {
  const forward = unit(away);
  const right = unit(cross([1, 0, 0], forward));
  return [right, cross(forward, right), forward];
}
const VIEWS = {
  back: looking([0, -1, 0]),
  thumb: looking([0, 0, -1]),
  oblique: looking([-0.35, -0.75, -0.55]),
  palm: looking([0, 1, -0.15]),
};

const toView = (view, centre) => (p) =>
  view.map((axis) => axis[0] * (p[0] - centre[0]) + axis[1] * (p[1] - centre[1]) + axis[2] * (p[2] - centre[2]));

function posed({ betas = new Float64Array(10), pose = new Float64Array(45) }) {
  const rotations = [rodrigues([0, 0, 0])];
  for (let j = 0; j < 15; j++) rotations.push(rodrigues([pose[3 * j], pose[3 * j + 1], pose[3 * j + 2]]));
  return linearBlendSkinning(hand, { betas, rotations: rotations.flat() });
}

/** The hand seen from somewhere; `pixels` per metre, `centre` in the middle of the image. */
function picture(points, { view, width, height, pixels, centre = [0, 0, 0.01] }) {
  const map = toView(view, centre);
  const vertices = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 3) vertices.set(map([points[i], points[i + 1], points[i + 2]]), i);
  const camera = { kind: 'weak-perspective', scale: pixels, translation: [width / 2, height / 2] };
  const mesh = { vertices, faces: hand.faces, colors: hand.vertexColors };
  const image = renderMesh(mesh, camera, { width, height, background: WHITE, antialias: 3 }).color;
  const place = (p) => {
    const [x, y] = map(p);
    return [width / 2 + pixels * x, height / 2 + pixels * y];
  };
  return { image, place, away: (p) => map(p)[2] };
}

function drawAxes() {
  const { vertices, joints } = posed({});
  const names = [
    ['x', [190, 30, 30], [1, 0, 0]],
    ['y', [20, 140, 40], [0, 1, 0]],
    ['z', [40, 70, 210], [0, 0, 1]],
  ];
  const views = [
    ['back of the hand, seen from +y', VIEWS.back],
    ['thumb side, seen from +z', VIEWS.thumb],
    ['oblique', VIEWS.oblique],
  ];
  const images = views.map(([title, view]) => {
    const size = { width: 420, height: 460 };
    const { image, place } = picture(vertices, { view, ...size, pixels: 1650, centre: [0.005, 0, 0.012] });
    for (const [name, color, direction] of names) {
      const end = place(scale(direction, 0.06));
      const origin = place([0, 0, 0]);
      const seen = Math.hypot(end[0] - origin[0], end[1] - origin[1]);
      if (seen > 12) {
        drawLine(image, origin, end, { color, width: 4 });
        // Beside the end of the arrow, on the far side of it.
        const [dx, dy] = [(end[0] - origin[0]) / seen, (end[1] - origin[1]) / seen];
        drawText(image, `+${name}`, [end[0] + 20 * dx - 11, end[1] + 16 * dy - 7], { color, scale: 2 });
      } else {
        drawCircle(image, origin, { radius: 8, color });
        drawText(image, `+${name} to the viewer`, [origin[0] - 50, origin[1] + 14], { color, scale: 2 });
      }
    }
    const wrist = place([joints[0], joints[1], joints[2]]);
    drawCircle(image, wrist, { radius: 4, color: [20, 20, 20] });
    drawText(image, 'wrist joint\n(0.095, 0.006, 0.006)', [wrist[0] + 10, wrist[1] - 8], { color: [20, 20, 20] });
    drawText(image, title, [10, 10], { color: [20, 20, 20], scale: 2 });
    return image;
  });
  return contactSheet(images, { columns: 3 });
}

const tile = (points, view = VIEWS.oblique) =>
  picture(points, { view, width: 190, height: 190, pixels: 820, centre: [0.005, -0.02, 0.012] }).image;
function labelled(image, text) {
  drawText(image, text, [6, 6], { color: [20, 20, 20] });
  return image;
}

function drawCoefficients() {
  const images = [];
  for (const [k, { name }] of OPEN_HAND_SHAPE_DIRECTIONS.entries())
    for (const amount of [-3, 3]) {
      const betas = Float64Array.from({ length: 10 }, (_, i) => (i === k ? amount : 0));
      images.push(labelled(tile(posed({ betas }).vertices, VIEWS.back), `${name} ${amount}`));
    }
  for (let k = 0; k < 6; k++)
    for (const amount of [-2, 2]) {
      const pose = coefficientsToHandPose(
        hand,
        Array.from({ length: 6 }, (_, i) => (i === k ? amount : 0)),
        { flatHandMean: false },
      );
      images.push(labelled(tile(posed({ pose }).vertices), `pose ${k} ${amount}`));
    }
  const random = seededRandom(7);
  for (let i = 0; i < 16; i++) {
    const pose = coefficientsToHandPose(
      hand,
      Array.from({ length: 6 }, () => random.between(-2, 2)),
      { flatHandMean: false },
    );
    images.push(labelled(tile(posed({ pose }).vertices, i % 2 ? VIEWS.palm : VIEWS.oblique), 'random'));
  }
  return contactSheet(images, { columns: 8 });
}

await mkdir(IMAGES, { recursive: true });
for (const [name, image] of [
  ['open-hand-axes', drawAxes()],
  ['open-hand-coefficients', drawCoefficients()],
])
  // prettier-ignore
  await writeFile(new URL(`${name}.png`, IMAGES), encodePng(image));
