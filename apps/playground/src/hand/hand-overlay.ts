import { names } from '@opposable/keypoint-order';
import { drawAxes } from './draw-axes.js';
import { drawKeypoints, drawVertexIds } from './draw-keypoints.js';
import { metresPerUnit } from './export-hand.js';
import type { Projector } from './hand-scene.js';
import type { HandState } from './hand-state.js';
import type { PosedHand } from './posed-hand.js';

/** Axes, skeleton, numbers and vertex ids over the picture of a hand, as the state asks for them. */
export function drawHandOverlay(
  context: CanvasRenderingContext2D,
  project: Projector,
  hand: {
    readonly state: HandState;
    readonly posed: PosedHand;
    /** [V, 3] */
    readonly normals: ArrayLike<number>;
    /** A joint by name that stands out. */
    readonly marked: string | undefined;
  },
): void {
  const { state, posed } = hand;
  const { skeleton: bones, numbers, vertexIds, order } = state;
  const scale = metresPerUnit(state);
  const scaled = (values: Float32Array): Float32Array => (scale === 1 ? values : values.map((value) => value * scale));
  const keypoints = scaled(posed.keypoints);
  drawAxes(context, project, keypoints);
  if (vertexIds) drawVertexIds(context, scaled(posed.vertices), hand.normals, project);
  const marked = hand.marked === undefined ? -1 : (names(order) as string[]).indexOf(hand.marked);
  if (!bones && !numbers && marked < 0) return;
  const points = Array.from({ length: 21 }, (_, i) => {
    const [x, y] = project(keypoints[3 * i]!, keypoints[3 * i + 1]!, keypoints[3 * i + 2]!);
    return [x, y] as const;
  });
  drawKeypoints(context, points, order, { bones, numbers, marked });
}
