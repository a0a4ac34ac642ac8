import type { ManoModel } from '@opposable/mano-layer/conventions';
import type { OpenHandAsset } from './read-asset.js';

const JOINTS = 16;
const PARENTS = [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11, 0, 13, 14];
const WEIGHT_STEPS = 65535;
const POSE_FEATURES = 9 * (JOINTS - 1);

function decodeRegressor(asset: OpenHandAsset, vertexCount: number): Float32Array {
  const out = new Float32Array(JOINTS * vertexCount);
  for (let j = 0; j < JOINTS; j++)
    for (let i = asset.regressorOffsets[j]!; i < asset.regressorOffsets[j + 1]!; i++)
      out[j * vertexCount + asset.regressorVertices[i]!] = asset.regressorValues[i]!;
  return out;
}

function decodeWeights(asset: OpenHandAsset, vertexCount: number): Float32Array {
  const out = new Float32Array(vertexCount * JOINTS);
  asset.weightSteps.forEach((steps, i) => {
    if (steps > 0) out[(i >> 2) * JOINTS + asset.weightJoints[i]!] = steps / WEIGHT_STEPS;
  });
  return out;
}

function decodeCorrectives(asset: OpenHandAsset, vertexCount: number): Float32Array {
  const out = new Float32Array(vertexCount * 3 * POSE_FEATURES);
  for (let j = 0; j < JOINTS - 1; j++) {
    const scale = asset.correctiveScales[j]!;
    for (let i = asset.correctiveOffsets[j]!; i < asset.correctiveOffsets[j + 1]!; i++)
      for (let k = 0; k < 3; k++) {
        const target = (asset.correctiveVertices[i]! * 3 + k) * POSE_FEATURES + 9 * j;
        const source = (i * 3 + k) * 9;
        for (let e = 0; e < 9; e++) out[target + e] = asset.correctiveSteps[source + e]! * scale;
      }
  }
  return out;
}

/** The right hand, dense, from the packed arrays. */
export function decodeModel(asset: OpenHandAsset): ManoModel {
  const vertexCount = asset.vertices.length / 3;
  const shapeCount = asset.shapeScales.length;
  const [index, middle, pinky, ring, thumb] = asset.fingertips as unknown as [number, number, number, number, number];
  return {
    topology: 'open-hand',
    side: 'right',
    vertexCount,
    jointCount: JOINTS,
    shapeCount,
    vTemplate: asset.vertices.slice(),
    shapeDirs: Float32Array.from(asset.shapeSteps).map((steps, i) => steps * asset.shapeScales[i % shapeCount]!),
    poseDirs: decodeCorrectives(asset, vertexCount),
    jRegressor: decodeRegressor(asset, vertexCount),
    lbsWeights: decodeWeights(asset, vertexCount),
    parents: Int32Array.from(PARENTS),
    faces: Uint32Array.from(asset.faces),
    handsComponents: asset.poseComponents.slice(),
    handsMean: asset.poseMean.slice(),
    landmarks: { fingertips: { thumb, index, middle, ring, pinky }, palm: Array.from(asset.palm) },
    vertexColors: Float32Array.from(asset.colors).map((c) => c / 255),
  };
}
