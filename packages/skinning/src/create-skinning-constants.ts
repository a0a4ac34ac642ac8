import * as tf from '@tensorflow/tfjs-core';
import { ConfigError } from '@opposable/tensor-checks';
import type { ParametricModel } from './host/types.js';
import { validateParametricModel } from './host/validate-parametric-model.js';
import { type ComposedConstants, composedConstants } from './composed-constants.js';
import { packModel } from './pack-model.js';
import { checkPointTerms, type PointTerms } from './point-terms.js';
import { type PoseBasis, poseNumberCount } from './pose-basis.js';

export interface SkinningConstantsOptions {
  /** Points of the posed model to be computed beside joints and vertices, such as fingertips. Default none. */
  readonly points?: readonly PointTerms[] | undefined;
  /** Point that is moved to the origin, before `transl` is added. Default none. */
  readonly center?: PointTerms | undefined;
  /** Factor of every output, last of all: 1000 for millimetres. Default 1. */
  readonly scale?: number | undefined;
  /** Ids of the only vertices that are computed, in the order of the output. Default all. */
  readonly vertices?: ArrayLike<number> | undefined;
  /** What the pose numbers of `parametricModel` mean. Default axis-angle vectors of joints 1 … J − 1. */
  readonly poseBasis?: PoseBasis | undefined;
}

/** A model in two tensors, for the fused kernels. */
export interface PackedModel {
  readonly table: tf.Tensor1D;
  readonly values: tf.Tensor1D;
  readonly outputCount: number;
  readonly jointCount: number;
  readonly shapeCount: number;
  readonly pointCount: number;
  readonly identitySize: number;
  readonly rowCount: number;
  readonly vertexTermCount: number;
}

/** What is fixed about a model and its outputs, made once by {@link createSkinningConstants}. */
export interface SkinningConstants {
  /** V of the output. */
  readonly vertexCount: number;
  readonly jointCount: number;
  readonly shapeCount: number;
  /** N, 0 without points. */
  readonly pointCount: number;
  /** n, how many pose numbers `parametricModel` takes. */
  readonly poseNumberCount: number;
  readonly scale: number;
  /** @internal The tensors of the composed operations, made on first use. */
  composed(): ComposedConstants;
  /** @internal The tensors of the fused kernels, made on first use; without vertices only what joints and points need. */
  packed(withVertices: boolean): PackedModel;
  /** Frees every tensor; may be called more than once. The constants cannot be used afterwards. */
  dispose(): void;
}

/** Keeps every tensor of a container when the current `tf.tidy` ends. */
function keepAll<T>(container: T): T {
  for (const tensor of tf.tensor_util.getTensorsInContainer(container as tf.TensorContainer)) tf.keep(tensor);
  return container;
}

function checkVertices(vertices: ArrayLike<number>, vertexCount: number): void {
  for (let place = 0; place < vertices.length; place++) {
    const id = vertices[place]!;
    if (Number.isInteger(id) && id >= 0 && id < vertexCount) continue;
    throw new ConfigError(
      `createSkinningConstants: expected vertices to hold ids from 0 to ${vertexCount - 1}, got ${id} at ${place}.`,
      { expected: [0, vertexCount - 1], actual: id },
    );
  }
}

/**
 * Fixes a model and what is wanted of it, for {@link linearBlendSkinning} and `parametricModel`.
 *
 * Cheap: the tensors are made by the first call that needs them, those of the fused kernels (for 16 joints, 10 coefficients
 * and 778 vertices 1.5 MB) or those of the composed operations (3.3 MB).
 *
 * @param model a parametric model; it is checked
 * @param options points, centre, unit, vertices and the meaning of pose numbers
 * @returns the constants; the caller disposes of them
 * @throws ManoModelError if the model contradicts itself; ConfigError or ShapeError if the options do not fit it
 */
export function createSkinningConstants(
  model: ParametricModel,
  options: SkinningConstantsOptions = {},
): SkinningConstants {
  const { vertexCount, jointCount, shapeCount } = validateParametricModel(model);
  const { points = [], center, scale = 1, poseBasis = {} } = options;
  points.forEach((terms, n) => checkPointTerms(terms, `points[${n}]`, jointCount, vertexCount));
  if (center !== undefined) checkPointTerms(center, 'center', jointCount, vertexCount);
  if (!Number.isFinite(scale)) {
    throw new ConfigError(`createSkinningConstants: expected scale to be a finite number, got ${scale}.`, {
      expected: 'finite',
      actual: scale,
    });
  }
  if (options.vertices !== undefined) checkVertices(options.vertices, vertexCount);
  const numbers = poseNumberCount(poseBasis, jointCount);
  const outputs = options.vertices ?? Array.from({ length: vertexCount }, (_, v) => v);
  const request = { points, center, scale, poseBasis };
  let composed: ComposedConstants | undefined;
  const packed: { full?: PackedModel; joints?: PackedModel } = {};
  let disposed = false;
  const whileAlive = (): void => {
    if (disposed) {
      throw new ConfigError('createSkinningConstants: the constants were disposed of and cannot be used.');
    }
  };
  const pack = (wanted: ArrayLike<number>): PackedModel => {
    const { table, values, ...sizes } = packModel(model, { ...request, outputs: wanted });
    return keepAll({
      ...{ table: tf.tensor1d(table, 'int32'), values: tf.tensor1d(values), ...sizes },
      ...{ outputCount: wanted.length, jointCount, shapeCount, pointCount: points.length },
    });
  };
  return {
    ...{ vertexCount: outputs.length, jointCount, shapeCount, pointCount: points.length, scale },
    poseNumberCount: numbers,
    composed() {
      whileAlive();
      return (composed ??= keepAll(composedConstants(model, { ...request, outputs })));
    },
    packed(withVertices) {
      whileAlive();
      return withVertices ? (packed.full ??= pack(outputs)) : (packed.joints ??= pack([]));
    },
    dispose() {
      disposed = true;
      tf.dispose([composed, packed] as unknown as tf.TensorContainer);
      composed = undefined;
      delete packed.full;
      delete packed.joints;
    },
  };
}
