import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients of TensorFlow.js' own operations
import { axisAngleToMatrix, matrixToAxisAngle, multiply3x3 } from '@opposable/geometry/host';
import { keypoint2dLoss, parameterRegularization } from '@opposable/losses';
import { ManoLayer } from '@opposable/mano-layer';
import type { ManoModel } from '@opposable/mano-layer/conventions';

/** A keypoint of the picture in pixels, in the order 'panoptic'; undefined where it is not known. */
export type PicturePoint = readonly [x: number, y: number] | undefined;

/** Where the fit stands: the best of its starts. */
export interface FitResult {
  /** [V, 3] x right, y down in pixels of the picture, z away in the same unit. */
  readonly vertices: Float32Array;
  /** [21, 2] pixels. */
  readonly keypoints: Float32Array;
  /** Mean distance of the known keypoints in pixels. */
  readonly error: number;
  readonly parameters: { readonly globalOrient: number[]; readonly handPose: number[]; readonly betas: number[] };
}

const COEFFICIENTS = 12;
const LEARNING_RATE = 0.04;
const POSE_WEIGHT = 2e-3;
const BETA_SHARE = 2;
/** Where the hand starts turned about its fingers: palm, back, and the two edges towards the viewer. */
const TURNS = [-Math.PI / 2, Math.PI / 2, 0, Math.PI];
const B = TURNS.length;

/** Why a fit cannot start, a sentence; undefined where it can. */
export function whatIsMissing(points: readonly PicturePoint[]): string | undefined {
  const known = points.filter((point) => point !== undefined).length;
  if (points[0] === undefined || points[9] === undefined)
    return 'The fit needs the wrist (0) and the knuckle of the middle finger (9).';
  if (known < 6) return `The fit needs at least 6 keypoints, got ${known}.`;
  const size = Math.hypot(points[9][0] - points[0][0], points[9][1] - points[0][1]);
  return size < 2 ? 'Wrist (0) and knuckle (9) are at the same place.' : undefined;
}

/**
 * Shape, pose and place of a hand whose projection meets keypoints, by Adam on the layer's parameters.
 *
 * Loss = mean squared distance of the known keypoints, in lengths of the palm + small squares of pose and shape coefficients. The
 * projection is u = s · x + t. Four starts, turned about the direction of the fingers, run side by side; the best is given.
 * `dispose()` frees its tensors.
 */
export class KeypointFit {
  readonly #layer: ManoLayer;
  readonly #points: readonly PicturePoint[];
  readonly #target: tf.Tensor3D;
  readonly #visibility: tf.Tensor2D;
  readonly #variables: { readonly orient: tf.Variable; pose: tf.Variable; betas: tf.Variable; place: tf.Variable };
  readonly #optimizer = tf.train.adam(LEARNING_RATE);
  readonly #palm: number;

  constructor(model: ManoModel, points: readonly PicturePoint[]) {
    const missing = whatIsMissing(points);
    if (missing !== undefined) throw new Error(missing);
    const [wrist, knuckle] = [points[0]!, points[9]!];
    const [dx, dy] = [knuckle[0] - wrist[0], knuckle[1] - wrist[1]];
    this.#palm = Math.hypot(dx, dy);
    this.#points = points;
    this.#layer = new ManoLayer(model, {
      flatHandMean: false,
      numPcaComponents: Math.min(COEFFICIENTS, model.handsComponents.length / 45),
      center: 'wrist',
      fingertips: model.landmarks === undefined ? 'smplx' : 'landmarks',
    });
    // in lengths of the palm from the wrist
    const local = points.map((point) => (point ? [0, 1].map((k) => (point[k]! - wrist[k]!) / this.#palm) : [0, 0]));
    this.#target = tf.tensor3d(TURNS.map(() => local));
    this.#visibility = tf.tensor2d(TURNS.map(() => points.map((point) => (point ? 1 : 0))));
    const along = Math.atan2(dy, dx) - (model.side === 'right' ? Math.PI : 0);
    const orients = TURNS.map((turn) =>
      Array.from(matrixToAxisAngle(multiply3x3(axisAngleToMatrix([0, 0, along]), axisAngleToMatrix([turn, 0, 0])))),
    );
    const pose = Array.from({ length: B }, () => new Array<number>(this.#layer.options.numPcaComponents).fill(0));
    const made = (values: number[][]): tf.Variable => {
      const initial = tf.tensor2d(values);
      const variable = tf.variable(initial);
      initial.dispose();
      return variable;
    };
    this.#variables = {
      orient: made(orients),
      pose: made(pose),
      betas: made(TURNS.map(() => new Array<number>(model.shapeCount).fill(0))),
      place: made(TURNS.map(() => [Math.log(10), 0, 0])), // an open palm is about 0.1 m long
    };
  }

  /** One step of all four starts. @returns the loss, read back */
  async step(): Promise<number> {
    const { orient, pose, betas, place } = this.#variables;
    const cost = this.#optimizer.minimize(
      () => {
        const { planar } = this.#posed(false);
        const near = keypoint2dLoss(
          { predicted: planar, target: this.#target, visibility: this.#visibility },
          { penalty: 'l2' },
        );
        const usual = parameterRegularization({ pose, betas }, { betaWeight: BETA_SHARE });
        return tf.add<tf.Scalar>(near, tf.mul(usual, POSE_WEIGHT));
      },
      true,
      [orient, pose, betas, place],
    )!;
    const [loss] = await cost.data();
    cost.dispose();
    return loss!;
  }

  /** The best of the starts as it is now. */
  async result(): Promise<FitResult> {
    const { planar, mesh } = this.#posed(true);
    const [points, surface] = (await Promise.all([planar.data(), mesh!.data()])) as [Float32Array, Float32Array];
    tf.dispose([planar, mesh!]);
    const errorOf = (b: number): number => {
      const distances = this.#points.flatMap((point, k) => {
        if (point === undefined) return [];
        const at = this.#toPicture(points, b * 42 + 2 * k, 2);
        return [Math.hypot(at[0]! - point[0], at[1]! - point[1])];
      });
      return distances.reduce((a, b) => a + b) / distances.length;
    };
    const errors = TURNS.map((_, b) => errorOf(b));
    const best = errors.indexOf(Math.min(...errors));
    const size = surface.length / B;
    const { orient, pose, betas } = this.#variables;
    const rowOf = async (variable: tf.Variable): Promise<number[]> => ((await variable.array()) as number[][])[best]!;
    return {
      vertices: this.#pixels(surface.subarray(best * size, (best + 1) * size), 3),
      keypoints: this.#pixels(points.subarray(best * 42, (best + 1) * 42), 2),
      error: errors[best]!,
      parameters: { globalOrient: await rowOf(orient), handPose: await rowOf(pose), betas: await rowOf(betas) },
    };
  }

  dispose(): void {
    this.#layer.dispose();
    this.#optimizer.dispose();
    tf.dispose([this.#target, this.#visibility, ...Object.values(this.#variables)]);
  }

  /** Keypoints [4, 21, 2] and, where asked for, vertices [4, V, 3], in lengths of the palm from the wrist of the picture. */
  #posed(withMesh: boolean): { readonly planar: tf.Tensor3D; readonly mesh: tf.Tensor3D | undefined } {
    const { orient, pose, betas, place } = this.#variables;
    const [planar, mesh] = tf.tidy(() => {
      const hand = this.#layer.forward(
        { betas: betas as unknown as tf.Tensor2D, handPose: pose, globalOrient: orient },
        { vertices: withMesh },
      );
      const scale = tf.reshape(tf.exp(tf.slice(place as unknown as tf.Tensor2D, [0, 0], [B, 1])), [B, 1, 1]);
      const shift = tf.reshape(tf.slice(place as unknown as tf.Tensor2D, [0, 1], [B, 2]), [B, 1, 2]);
      const flat = tf.slice(hand.keypoints, [0, 0, 0], [B, 21, 2]);
      const points = tf.add(tf.mul(flat, scale), shift);
      if (hand.vertices === undefined) return [points];
      return [points, tf.add(tf.mul(hand.vertices, scale), tf.pad(shift, [[0, 0], [0, 0], [0, 1]]))]; // prettier-ignore
    }) as [tf.Tensor3D, tf.Tensor3D | undefined];
    return { planar, mesh };
  }

  #toPicture(values: Float32Array, from: number, width: number): number[] {
    const wrist = this.#points[0]!;
    return Array.from({ length: width }, (_, k) => values[from + k]! * this.#palm + (wrist[k] ?? 0));
  }

  #pixels(values: Float32Array, width: number): Float32Array {
    return Float32Array.from(values, (value, i) => value * this.#palm + (this.#points[0]![i % width] ?? 0));
  }
}
