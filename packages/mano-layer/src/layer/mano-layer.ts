import * as tf from '@tensorflow/tfjs-core';
import { createSkinningConstants, linearBlendSkinning, type SkinningConstants } from '@opposable/skinning';
import { assertShape, ConfigError } from '@opposable/tensor-checks';
import { type ManoLayerOptions, type ResolvedLayerOptions, resolveLayerOptions } from '../conventions/layer-options.js';
import { validateManoModel } from '../conventions/validate-mano-model.js';
import type { ManoModel } from '../types.js';
import { assertPoseShapes, poseBasis, poseRotations } from './pose-rotations.js';

const JOINTS = 16;

/** Shapes and poses of a batch of hands. */
export interface ManoLayerInput {
  /** [B, S] shape coefficients. */
  readonly betas: tf.Tensor2D;
  /** Pose of the 15 finger joints: 'pca' [B, n], 'axis-angle' [B, 45], 'matrix' [B, 15, 3, 3], '6d' [B, 15, 6], 'quaternion' [B, 15, 4] (w x y z). */
  readonly handPose: tf.Tensor;
  /** Rotation about the wrist: 'pca' and 'axis-angle' [B, 3], 'matrix' [B, 3, 3], '6d' [B, 6], 'quaternion' [B, 4]. */
  readonly globalOrient: tf.Tensor;
  /** [B, 3, 3] rotation of the posed hand about the coordinate origin, before centring and `transl`. Default none. */
  readonly worldRotation?: tf.Tensor3D | undefined;
  /** [B, 3] in metres, added last. Default none. */
  readonly transl?: tf.Tensor2D | undefined;
}

/** What {@link ManoLayer.forward} gives without vertices. */
export interface ManoJoints {
  /** [B, 16, 3] the model's joints in its own order: W, I1–3, M1–3, L1–3, R1–3, T1–3. */
  readonly joints: tf.Tensor3D;
  /** [B, 21, 3] joints and fingertips in the layer's keypoint order. */
  readonly keypoints: tf.Tensor3D;
  readonly vertices?: undefined;
}

/** What {@link ManoLayer.forward} gives, in the layer's units. */
export interface ManoSurface extends Omit<ManoJoints, 'vertices'> {
  /** [B, V, 3] */
  readonly vertices: tf.Tensor3D;
}

/**
 * A MANO hand as a differentiable layer: from shape and pose to vertices, joints and keypoints.
 *
 * The layer holds tensors made once; calling it changes nothing. `dispose()` frees them and may be called twice.
 * Centring and units follow the posed hand: output = unit · (hand − center + transl).
 *
 * @throws ManoModelError if the model contradicts itself; ConfigError if the options do not fit it or each other
 *
 * @example
 * const layer = new ManoLayer(model, { flatHandMean: false, numPcaComponents: 6 });
 * const { vertices, joints, keypoints } = layer.forward({ betas, handPose, globalOrient });
 *
 * Reference: Romero, Tzionas, Black: Embodied Hands, SIGGRAPH Asia 2017.
 */
export class ManoLayer {
  readonly model: ManoModel;
  /** Every option, decided. */
  readonly options: ResolvedLayerOptions;
  readonly #skinning: SkinningConstants;
  readonly #basis: { matrix: tf.Tensor2D; offset: tf.Tensor1D };
  /** [(16 + N)·3, 63] from joints and points to keypoints. */
  readonly #toKeypoints: tf.Tensor2D;
  /** [(16 + N)·3, 3] from joints and points to the centre. */
  readonly #toCenter: tf.Tensor2D | undefined;
  #disposed = false;

  constructor(model: ManoModel, options: ManoLayerOptions) {
    this.model = validateManoModel(model);
    this.options = resolveLayerOptions(model, options);
    const { fingertips, palm, keypointSources, centerSource } = this.options;
    const pointCount = fingertips.length + (palm.length > 0 ? 1 : 0);
    const weights = new Float32Array(pointCount * model.vertexCount);
    fingertips.forEach((vertex, n) => (weights[n * model.vertexCount + vertex] = 1));
    for (const vertex of palm) weights[fingertips.length * model.vertexCount + vertex]! += 1 / palm.length;
    this.#skinning = createSkinningConstants(model, { pointRegressor: { pointCount, weights } });
    this.#basis = poseBasis(model, this.options);
    this.#toKeypoints = pickPoints(keypointSources, JOINTS + pointCount);
    this.#toCenter = centerSource === undefined ? undefined : pickPoints([centerSource], JOINTS + pointCount);
  }

  /**
   * Poses a batch of hands.
   *
   * @param input betas, handPose and globalOrient in the layer's representation, worldRotation, transl in metres
   * @param options `vertices: false` leaves the vertices out, at a fraction of the cost
   * @returns vertices [B, V, 3], joints [B, 16, 3], keypoints [B, 21, 3] in the layer's units; the caller disposes of them
   * @throws ShapeError if an input does not have the shape of the layer's representation; ConfigError after dispose()
   */
  forward(input: ManoLayerInput, options?: { readonly vertices?: true | undefined }): ManoSurface;
  forward(input: ManoLayerInput, options: { readonly vertices: false }): ManoJoints;
  forward(input: ManoLayerInput, options?: { readonly vertices?: boolean | undefined }): ManoSurface | ManoJoints;
  forward(input: ManoLayerInput, options: { readonly vertices?: boolean | undefined } = {}): ManoSurface | ManoJoints {
    if (this.#disposed) throw new ConfigError('ManoLayer.forward: the layer was disposed of and cannot be used.');
    const { betas, handPose, globalOrient, worldRotation, transl } = input;
    const sizes = assertShape(betas, ['B', this.model.shapeCount], 'ManoLayer.forward', 'betas');
    assertPoseShapes(this.options, handPose, globalOrient, sizes);
    if (worldRotation !== undefined)
      assertShape(worldRotation, ['B', 3, 3], 'ManoLayer.forward', 'worldRotation', sizes);
    if (transl !== undefined) assertShape(transl, ['B', 3], 'ManoLayer.forward', 'transl', sizes);
    const batch = betas.shape[0];
    return tf.tidy(() => {
      const rotations = poseRotations(this.options, this.#basis, handPose, globalOrient);
      const skinned = linearBlendSkinning(
        this.#skinning,
        { betas, rotations, worldRotation, transl: this.#toCenter === undefined ? transl : undefined },
        { vertices: options.vertices },
      );
      const sources = tf.concat<tf.Tensor3D>([skinned.joints, skinned.points!], 1);
      const flat = tf.reshape<tf.Rank.R2>(sources, [batch, -1]);
      const place = this.#placement(flat, transl);
      const keypoints = tf.reshape<tf.Rank.R3>(tf.matMul(flat, this.#toKeypoints), [batch, 21, 3]);
      const result = { joints: place(skinned.joints), keypoints: place(keypoints) };
      return 'vertices' in skinned ? { ...result, vertices: place(skinned.vertices) } : result;
    });
  }

  /** The last step for every output: centring with translation, and the unit. */
  #placement(flat: tf.Tensor2D, transl: tf.Tensor2D | undefined): (points: tf.Tensor3D) => tf.Tensor3D {
    const scale = this.options.units === 'mm' ? 1000 : 1;
    const inUnits = (points: tf.Tensor3D): tf.Tensor3D => (scale === 1 ? points : tf.mul(points, scale));
    if (this.#toCenter === undefined) return inUnits;
    const center = tf.matMul(flat, this.#toCenter);
    const shift = tf.reshape(transl === undefined ? tf.neg(center) : tf.sub(transl, center), [flat.shape[0], 1, 3]);
    return (points) => inUnits(tf.add(points, shift));
  }

  /** Frees the layer's tensors. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#skinning.dispose();
    tf.dispose([this.#basis.matrix, this.#basis.offset, this.#toKeypoints]);
    this.#toCenter?.dispose();
  }
}

/** [count·3, sources.length·3]: the 0/1 matrix that takes points from their places. */
function pickPoints(sources: readonly number[], count: number): tf.Tensor2D {
  const columns = sources.length * 3;
  const values = new Float32Array(count * 3 * columns);
  sources.forEach((source, place) => {
    for (let i = 0; i < 3; i++) values[(source * 3 + i) * columns + place * 3 + i] = 1;
  });
  return tf.tensor2d(values, [count * 3, columns]);
}
