import { permutation } from '@opposable/keypoint-order';
import { flipCameraAxes } from '@opposable/metrics';
import type { ProtocolName } from '../../evaluation/protocols/protocol-names.js';

interface Hands {
  /** [N, 21, 3] in the order 'panoptic', metres, x right, y down, z away */
  readonly xyz: Float64Array;
  /** [N, V, 3] */
  readonly verts: Float64Array;
}

function inOrder(points: Float64Array, order: string): Float64Array {
  const from = permutation('panoptic', order);
  return points.map((_, i) => points[i - (i % 63) + from[Math.floor((i % 63) / 3)]! * 3 + (i % 3)]!);
}

/** Protocols whose evaluation reads other axes or another order. */
const FORMS: Partial<Record<ProtocolName, (hands: Hands) => Hands>> = {
  // as its labels: OpenGL's camera axes, MANO's joints with the tips behind them
  ho3d: ({ xyz, verts }) => ({ xyz: flipCameraAxes(inOrder(xyz, 'mano-raw')), verts: flipCameraAxes(verts) }),
};

/** Hands in the camera's frame as the evaluation of a protocol expects them; FreiHAND's as they are. */
export function submissionForm(hands: Hands, protocol: ProtocolName | undefined): Hands {
  return (protocol === undefined ? undefined : FORMS[protocol])?.(hands) ?? hands;
}
