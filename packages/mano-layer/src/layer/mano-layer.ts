import * as tf from '@tensorflow/tfjs-core';
import {
  createSkinningConstants,
  parametricModel,
  type PointTerms,
  prepareIdentity,
  type SkinningConstants,
  type SkinningIdentity,
} from '@opposable/skinning';
import { assertShape, ConfigError } from '@opposable/tensor-checks';
import { PALM_SOURCE } from '../conventions/keypoint-sources.js';
import { type ManoLayerOptions, type ResolvedLayerOptions, resolveLayerOptions } from '../conventions/layer-options.js';
import { withLeftShape } from '../conventions/left-shape-bug.js';
import { validateManoModel } from '../conventions/validate-mano-model.js';
import type { ManoModel } from '../types.js';
import { assertPoseShapes, isPoseConverted, poseBasis, skinningPose } from './pose-inputs.js';
import { type MeshIncidence, meshIncidence, posedNormals } from './posed-normals.js';

const JOINTS = 16;

/** Poses of a batch of hands and where they stand. */
export interface ManoPoseInput {
  /** Pose of the 15 finger joints: 'pca' [B, n], 'axis-angle' [B, 45], 'matrix' [B, 15, 3, 3], '6d' [B, 15, 6], 'quaternion' [B, 15, 4] (w x y z). */
  readonly handPose: tf.Tensor;
  /** Rotation about the wrist: 'pca' and 'axis-angle' [B, 3], 'matrix' [B, 3, 3], '6d' [B, 6], 'quaternion' [B, 4]. */
  readonly globalOrient: tf.Tensor;
  /** [B, 3, 3] rotation of the posed hand about the coordinate origin, before centring and `transl`. Default none. */
  readonly worldRotation?: tf.Tensor3D | undefined;
  /** [B, 3] in metres, added last. Default none. */
  readonly transl?: tf.Tensor2D | undefined;
}

/** Shapes and poses of a batch of hands. */
export type ManoLayerInput = ManoPoseInput &
  (
    | {
        /** [B, S] shape coefficients. */
        readonly betas: tf.Tensor2D;
        readonly identity?: undefined;
      }
    | {
        readonly betas?: undefined;
        /** Instead of betas: shapes prepared by {@link ManoLayer.prepareIdentity}, one for each pose or one for all. */
        readonly identity: SkinningIdentity;
      }
  );

/** What {@link ManoLayer.forward} gives beside joints and keypoints. */
export interface ManoForwardOptions {
  /** false leaves the vertices out, at a fraction of the cost. Default true. */
  readonly vertices?: boolean | undefined;
  /** true adds the unit normals of the posed vertices. Default false. */
  readonly normals?: boolean | undefined;
}

/** What {@link ManoLayer.forward} gives without vertices. */
export interface ManoJoints {
  /** [B, 16, 3] the model's joints in its own order: W, I1–3, M1–3, L1–3, R1–3, T1–3. */
  readonly joints: tf.Tensor3D;
  /** [B, 21, 3] joints and fingertips in the layer's keypoint order. */
  readonly keypoints: tf.Tensor3D;
  readonly vertices?: undefined;
  readonly normals?: undefined;
}

/** What {@link ManoLayer.forward} gives, in the layer's units. */
export interface ManoSurface extends Omit<ManoJoints, 'vertices' | 'normals'> {
  /** [B, V, 3], or [B, N, 3] where the layer has `vertexIds`. */
  readonly vertices: tf.Tensor3D;
  readonly normals?: undefined;
}

export interface ManoSurfaceWithNormals extends Omit<ManoSurface, 'normals'> {
  /** [B, V, 3] unit vectors that point out of the hand: the triangles' normals, weighted by area. */
  readonly normals: tf.Tensor3D;
}

/**
 * A MANO hand as a differentiable layer: from shape and pose to vertices, joints and keypoints.
 *
 * The layer holds tensors that its first call makes; calling it changes nothing else. `dispose()` frees them and may be
 * called twice.
 * Centring and units follow the posed hand: output = unit · (hand − center + transl). Where the fused kernel of
 * `@opposable/wasm-training` is registered, a call is one kernel and its gradient another.
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
  /** The model, its shape directions with the sign that the options ask for. */
  readonly model: ManoModel;
  /** Every option, decided. */
  readonly options: ResolvedLayerOptions;
  readonly #skinning: SkinningConstants;
  readonly #isConverted: boolean;
  #incidence: MeshIncidence | undefined;
  #disposed = false;

  constructor(model: ManoModel, options: ManoLayerOptions) {
    this.options = resolveLayerOptions(validateManoModel(model), options);
    const { leftShapeFix, vertexIds, keypointSources, centerSource, units } = this.options;
    this.model =
      leftShapeFix === undefined
        ? model
        : withLeftShape(model, leftShapeFix === 'on' ? 'fixed' : 'as-distributed', 'ManoLayer');
    const termsOf = (source: number) => pointTerms(source, this.options);
    this.#isConverted = isPoseConverted(this.options);
    this.#skinning = createSkinningConstants(this.model, {
      points: keypointSources.map(termsOf),
      center: centerSource === undefined ? undefined : termsOf(centerSource),
      scale: units === 'mm' ? 1000 : 1,
      vertices: vertexIds,
      poseBasis: poseBasis(this.model, this.options),
    });
  }

  /**
   * Poses a batch of hands.
   *
   * @param input betas or a prepared identity, handPose and globalOrient in the layer's representation, worldRotation,
   *   transl in metres
   * @param options which outputs are computed
   * @returns vertices [B, V, 3], joints [B, 16, 3], keypoints [B, 21, 3] in the layer's units, normals [B, V, 3]; the
   *   caller disposes of them
   * @throws ShapeError if an input does not have the shape of the layer's representation; ConfigError after dispose(), or
   *   for normals of a layer with `vertexIds`
   */
  forward(
    input: ManoLayerInput,
    options?: { readonly vertices?: true | undefined; readonly normals?: false | undefined },
  ): ManoSurface;
  forward(
    input: ManoLayerInput,
    options: { readonly vertices: false; readonly normals?: false | undefined },
  ): ManoJoints;
  forward(
    input: ManoLayerInput,
    options: { readonly vertices?: true | undefined; readonly normals: true },
  ): ManoSurfaceWithNormals;
  forward(input: ManoLayerInput, options?: ManoForwardOptions): ManoSurfaceWithNormals | ManoSurface | ManoJoints;
  forward(
    input: ManoLayerInput,
    { vertices = true, normals = false }: ManoForwardOptions = {},
  ): ManoSurfaceWithNormals | ManoSurface | ManoJoints {
    this.#assertUsable('forward');
    const { betas, identity, handPose, globalOrient, worldRotation, transl } = input;
    if ((betas === undefined) === (identity === undefined)) {
      throw new ConfigError(
        `ManoLayer.forward: expected either betas or identity, got ${betas === undefined ? 'neither' : 'both'}.`,
        { expected: ['betas', 'identity'] },
      );
    }
    if (normals) this.#assertNormals(vertices);
    const sizes =
      betas === undefined ? {} : assertShape(betas, ['B', this.model.shapeCount], 'ManoLayer.forward', 'betas');
    assertPoseShapes(this.options, handPose, globalOrient, sizes);
    if (worldRotation !== undefined)
      assertShape(worldRotation, ['B', 3, 3], 'ManoLayer.forward', 'worldRotation', sizes);
    if (transl !== undefined) assertShape(transl, ['B', 3], 'ManoLayer.forward', 'transl', sizes);
    const shape = identity === undefined ? { betas: betas } : { identity };
    const run = (): tf.NamedTensorMap => {
      const pose = skinningPose(this.options, { pose: handPose, globalOrient, worldRotation });
      const { points, ...rest } = parametricModel(this.#skinning, { ...shape, ...pose, transl }, { vertices });
      const result: tf.NamedTensorMap = { ...rest, keypoints: points! };
      if (normals) result['normals'] = posedNormals(result['vertices'] as tf.Tensor3D, this.#meshIncidence());
      return result;
    };
    return (this.#isConverted ? tf.tidy(run) : run()) as unknown as ManoSurface;
  }

  /**
   * The shape work of a batch of hands, done once for many poses: give the result to `forward` instead of betas. Gradients
   * reach pose, orientation and translation, not betas.
   *
   * @param betas [B, S], or [1, S] for one hand in any number of poses
   * @returns to be disposed of by the caller
   */
  prepareIdentity(betas: tf.Tensor2D): SkinningIdentity {
    this.#assertUsable('prepareIdentity');
    assertShape(betas, ['B', this.model.shapeCount], 'ManoLayer.prepareIdentity', 'betas');
    return prepareIdentity(this.#skinning, betas);
  }

  /** Frees the layer's tensors. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#skinning.dispose();
    if (this.#incidence) tf.dispose(this.#incidence as unknown as tf.TensorContainer);
  }

  #assertUsable(operation: string): void {
    if (!this.#disposed) return;
    throw new ConfigError(`ManoLayer.${operation}: the layer was disposed of and cannot be used.`);
  }

  #assertNormals(vertices: boolean): void {
    if (vertices && this.options.vertexIds === undefined) return;
    throw new ConfigError(
      'ManoLayer.forward: normals need the whole mesh, got ' +
        `${vertices ? 'a layer with vertexIds' : 'vertices false'}; leave one of the two out.`,
      { expected: { normals: true, vertices: true, vertexIds: undefined } },
    );
  }

  #meshIncidence(): MeshIncidence {
    if (this.#incidence === undefined) {
      const { faces, vertexCount } = this.model;
      this.#incidence = meshIncidence(faces, vertexCount);
      for (const tensor of Object.values(this.#incidence)) if (tensor instanceof tf.Tensor) tf.keep(tensor);
    }
    return this.#incidence;
  }
}

/** A keypoint as joints and vertices, from its place as `keypointSources` counts it. */
function pointTerms(source: number, { fingertips, palm }: ResolvedLayerOptions): PointTerms {
  if (source === PALM_SOURCE) return palm.map((vertex) => ({ vertex, weight: 1 / palm.length }));
  return [source < JOINTS ? { joint: source, weight: 1 } : { vertex: fingertips[source - JOINTS]!, weight: 1 }];
}
