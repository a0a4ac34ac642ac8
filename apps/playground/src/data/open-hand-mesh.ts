import { type HandAnnotation, manoInCamera } from '@opposable/hand-datasets';
import { decodeHandParameters, HAND_PARAMETER_FRAME, type ManoModel } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { OpposableError } from '@opposable/tensor-checks';
import type { Size } from './image-size.js';

/** The mesh of the open hand that a sample's parameters give, and where it is. */
export interface SampleMesh {
  readonly model: ManoModel;
  /** [V, 3] millimetres in the sample's frame, up to a translation that `keypoints` shares. */
  readonly vertices: Float64Array;
  /** [21, 3] millimetres, in the sample's order. */
  readonly keypoints: Float64Array;
}

/** Farthest that a keypoint of the mesh may lie from the sample's for the parameters to be the open hand's. */
const MOST_MILLIMETRES = 2;
const MOST_PIXELS = 1;

/** The largest distance of K points after the mean distance is taken away. Both flat [K, width]. */
function spread(a: ArrayLike<number>, b: ArrayLike<number>, width: number, isKnown: (k: number) => boolean): number {
  const known = Array.from({ length: a.length / width }, (_, k) => k).filter(isKnown);
  const differences = known.map((k) => Array.from({ length: width }, (_, d) => a[k * width + d]! - b[k * width + d]!));
  const mean = Array.from({ length: width }, (_, d) => differences.reduce((sum, row) => sum + row[d]!, 0) / known.length); // prettier-ignore
  return Math.max(...differences.map((row) => Math.hypot(...row.map((value, d) => value - mean[d]!))));
}

function fromHandParameters(model: ManoModel, annotation: HandAnnotation, size: Size): SampleMesh | undefined {
  if (annotation.handParameters === undefined) return undefined;
  const { keypointOrder, keypoints, visibility } = annotation;
  const decoded = decodeHandParameters(model, annotation.handParameters, { keypointOrder: keypointOrder as 'mano' });
  const inImage = decoded.keypoints2d.map((value, i) => ((value + 0.5) * (i % 2 === 0 ? size.width : size.height)) / HAND_PARAMETER_FRAME - 0.5); // prettier-ignore
  if (!(spread(inImage, keypoints, 2, (k) => visibility[k]! > 0) < MOST_PIXELS)) return undefined;
  const millimetres = (values: Float64Array): Float64Array => values.map((value) => 1000 * value);
  return { model, vertices: millimetres(decoded.vertices3d), keypoints: millimetres(decoded.keypoints3d) };
}

function fromMano(model: ManoModel, annotation: HandAnnotation): SampleMesh | undefined {
  const { keypoints3d, keypoints3dValid } = annotation;
  const posed = keypoints3d && manoInCamera(annotation, model);
  if (posed === undefined) return undefined;
  const distance = spread(posed.keypoints, keypoints3d!, 3, (k) => keypoints3dValid?.[k] !== 0);
  return distance < MOST_MILLIMETRES ? { model, ...posed } : undefined;
}

/**
 * The open hand as a sample's 22 numbers or MANO parameters pose it, if they are this hand's: its keypoints must lie where the
 * sample's do. Parameters of another model, MANO's for example, do not.
 */
export function openHandMesh(annotation: HandAnnotation, size: Size): SampleMesh | undefined {
  const model = loadOpenHand(annotation.side);
  for (const pose of [() => fromHandParameters(model, annotation, size), () => fromMano(model, annotation)]) {
    try {
      const mesh = pose();
      if (mesh !== undefined) return mesh;
    } catch (error) {
      if (!(error instanceof OpposableError)) throw error; // as many coefficients as another model has
    }
  }
  return undefined;
}
