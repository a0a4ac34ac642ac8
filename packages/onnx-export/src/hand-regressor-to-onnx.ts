import type { LayersModel } from '@tensorflow/tfjs-layers';
import { HAND_PARAMETER_COUNT, type ManoModel } from '@opposable/mano-layer/conventions';
import { ShapeError } from '@opposable/tensor-checks';
import { meshGraph } from './hand/mesh-graph.js';
import { networkToOnnx, type OnnxFile, type OnnxOptions } from './layers-model-to-onnx.js';

export interface HandRegressorOnnxOptions extends OnnxOptions {
  /** The hand whose mesh and keypoints are computed within the graph; default none, only the 22 numbers come out. */
  readonly mesh?: ManoModel | undefined;
}

const PARAMETERS = 'parameters';

/**
 * A hand regressor as an ONNX file.
 *
 * Input `image` [batch, S, S, C] in 0–1. Output `parameters` [batch, 22]; with `mesh` also `keypoints_2d` [batch, 21, 2] in
 * pixels of the 256 frame, `keypoints_3d` [batch, 21, 3] and `vertices` [batch, V, 3] in metres, image axes (x right, y
 * down, z away), keypoints in the order 'panoptic'.
 *
 * @param model from `createHandRegressor`
 * @throws ShapeError unless it gives the 22 numbers; what `layersModelToOnnx` throws
 */
export async function handRegressorToOnnx(
  model: LayersModel,
  { mesh, ...options }: HandRegressorOnnxOptions = {},
): Promise<OnnxFile> {
  const [output, ...others] = model.outputs;
  if (others.length > 0 || output?.shape.length !== 2 || output.shape[1] !== HAND_PARAMETER_COUNT) {
    const found = model.outputs.map(({ shape }) => `[${shape.join(', ')}]`).join(' and ');
    throw new ShapeError(`handRegressorToOnnx: expected one output of shape [batch, 22], got ${found}.`, {
      expected: [null, HAND_PARAMETER_COUNT],
      actual: model.outputs.map(({ shape }) => shape),
    });
  }
  const metadata = { ...options.metadata, 'opposable.frame': '256', 'opposable.keypoint_order': 'panoptic' };
  return networkToOnnx(model, [PARAMETERS], { ...options, metadata }, (graph, [parameters]) => {
    if (mesh === undefined) return [];
    const { vertices, keypoints3d, keypoints2d } = meshGraph(graph, parameters!, mesh);
    return [
      ['keypoints_2d', [21, 2], keypoints2d],
      ['keypoints_3d', [21, 3], keypoints3d],
      ['vertices', [mesh.vertexCount, 3], vertices],
    ];
  });
}
