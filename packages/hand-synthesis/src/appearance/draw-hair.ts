import type { RgbImage } from '@opposable/drawing';
import type { ManoModel } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import type { DrawnHand } from '../sampling/draw-hand.js';
import type { View } from '../sampling/place-in-view.js';
import type { PartMesh } from '../scene/types.js';
import { metres } from '../settings/metres.js';
import type { SkinSettings } from '../settings/types.js';

/** Places on the back of the flat right hand lie above this, metres: hair grows there and on the forearm. */
const BACK = 0.012;
/** A hair is drawn where no surface lies in front of it by more than this, metres. */
const TOLERANCE = 0.004;
const COLORS = [
  [25, 20, 18],
  [60, 40, 28],
  [120, 90, 60],
] as const;

const roots = new WeakMap<ManoModel, readonly number[]>();

/** First corners of the hand's faces where hair grows. */
function hairyFaces(model: ManoModel): readonly number[] {
  let known = roots.get(model);
  if (known === undefined) {
    const { faces, vTemplate, lbsWeights, jointCount } = model;
    const found: number[] = [];
    for (let f = 0; f < faces.length; f += 3) {
      const corners = [faces[f]!, faces[f + 1]!, faces[f + 2]!];
      // the back of the palm, and the first bones of the fingers: joints 1, 4, 7, 10
      const grows = (v: number) =>
        vTemplate[3 * v + 1]! > BACK &&
        [0, 1, 4, 7, 10].reduce((sum, joint) => sum + lbsWeights[v * jointCount + joint]!, 0) > 0.8;
      if (corners.every(grows)) found.push(f);
    }
    roots.set(model, (known = found));
  }
  return known;
}

/**
 * Draws hairs over the rendered skin: short lines from the back of the hand and from the forearm towards the fingers'
 * side, thinned out by depth.
 *
 * @param skin the first mesh of the scene; what follows the hand's faces is the forearm
 * @param depth z of the surface in the drawn hand's frame
 */
export function drawHair(
  rng: Rng,
  image: RgbImage,
  skin: { readonly mesh: PartMesh; readonly handFaces: number },
  { model, hand, view }: { readonly model: ManoModel; readonly hand: DrawnHand; readonly view: View },
  depth: Float32Array,
  settings: Omit<SkinSettings['hair'], 'probability'>,
): void {
  const { width, height, data } = image;
  const { vertices, faces } = skin.mesh;
  const onHand = hairyFaces(model);
  const armFaces = faces.length / 3 - skin.handFaces;
  const count = rng.integer(...settings.count);
  const color = rng.pick(COLORS);
  const opacity = rng.uniform(...settings.opacity);
  const away = [0, 1, 2].map((i) => hand.joints[12 + i]! - hand.joints[i]!);
  const norm = Math.hypot(...away) || 1;
  const line = new Float64Array(6);
  const lengths = metres(settings.lengthMillimetres);
  for (let n = 0; n < count; n++) {
    const isArm = armFaces > 0 && rng.uniform() < 0.6;
    const f = isArm ? 3 * (skin.handFaces + rng.integer(0, armFaces - 1)) : rng.pick(onHand);
    const source = isArm ? faces : model.faces;
    let [a, b] = [rng.uniform(), rng.uniform()];
    if (a + b > 1) [a, b] = [1 - a, 1 - b];
    const length = rng.uniform(...lengths);
    for (let i = 0; i < 3; i++) {
      const [p, q, r] = [0, 1, 2].map((k) => vertices[3 * source[f + k]! + i]!) as [number, number, number];
      line[i] = p + a * (q - p) + b * (r - p);
      line[i + 3] = line[i]! + (length * away[i]!) / norm + 0.35 * length * rng.normal();
    }
    const [u0, v0, u1, v1] = view.project(line) as unknown as [number, number, number, number];
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(u1 - u0), Math.abs(v1 - v0))));
    for (let step = 0; step <= steps; step++) {
      const t = step / steps;
      const [x, y] = [Math.round(u0 + t * (u1 - u0)), Math.round(v0 + t * (v1 - v0))];
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const pixel = y * width + x;
      const z = line[2]! + t * (line[5]! - line[2]!);
      if (!(Math.abs(z - depth[pixel]!) < TOLERANCE)) continue;
      const share = opacity * (1 - 0.7 * t);
      for (let c = 0; c < 3; c++) data[3 * pixel + c] = data[3 * pixel + c]! * (1 - share) + share * color[c]!;
    }
  }
}
