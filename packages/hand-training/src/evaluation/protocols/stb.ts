import { stbScores } from '@opposable/metrics';
import { DatasetError } from '@opposable/tensor-checks';
import { rowsWith3d } from '../camera-hands.js';
import type { Protocol } from './types.js';

/**
 * STB: 3D PCK from 20 to 50 mm, wrist on wrist. The reader of STB has already moved the labels' palm centre to the wrist
 * (W = 2·P − R1).
 */
export const stbProtocol: Protocol = ({ evaluation, arrays }) => {
  const rows = rowsWith3d(arrays);
  if (rows.length === 0)
    throw new DatasetError('evaluate: expected samples with 3D keypoints for the STB protocol, found none.');
  const pick = (points: Float32Array): Float32Array => {
    const out = new Float32Array(rows.length * 63);
    rows.forEach((index, row) => out.set(points.subarray(index * 63, index * 63 + 63), row * 63));
    return out;
  };
  const [predicted, target] = [pick(evaluation.hands.keypoints3d), pick(arrays.keypoints3d)];
  const plain = stbScores(predicted, target, { targetRoot: 'wrist' });
  const scaled = stbScores(predicted, target, { targetRoot: 'wrist', scale: 'bone' });
  return {
    note: 'STB: wrist on wrist, no rotation or scale aligned, all 21 joints counted; "true bone" scales each hand by |M2 − M1| of the label.',
    measures: [
      { name: 'STB AUC 20–50 mm', unit: '', value: plain.auc20to50 },
      { name: 'STB AUC 0–50 mm', unit: '', value: plain.auc0to50 },
      { name: 'STB mean', unit: 'mm', value: plain.meanError },
      { name: 'STB median', unit: 'mm', value: plain.medianError },
      { name: 'STB AUC 20–50 mm, true bone', unit: '', value: scaled.auc20to50 },
      { name: 'STB mean, true bone', unit: 'mm', value: scaled.meanError },
    ],
    curves: [
      { title: '3D PCK of STB', unit: 'mm', thresholds: plain.thresholds, fractions: [...plain.pck], comparable: true },
    ],
  };
};
