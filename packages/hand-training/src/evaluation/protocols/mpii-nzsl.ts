import { pixelPck } from '@opposable/metrics';
import type { Protocol } from './types.js';

/** MPII+NZSL: 2D PCK from 0 to 30 px. */
export const mpiiNzslProtocol: Protocol = ({ evaluation, arrays }) => {
  const { thresholds, pck, auc0to30, pckAt20, pckAt30 } = pixelPck(
    evaluation.hands.keypoints2d,
    arrays.keypoints,
    arrays.visibility,
  );
  return {
    note: 'MPII+NZSL: pixels of the 256-pixel crop; the published curves do not name theirs.',
    measures: [
      { name: 'MPII+NZSL AUC 0–30 px', unit: '', value: auc0to30 },
      { name: 'MPII+NZSL PCK at 20 px', unit: '', value: pckAt20 },
      { name: 'MPII+NZSL PCK at 30 px', unit: '', value: pckAt30 },
    ],
    curves: [{ title: '2D PCK of MPII+NZSL', unit: 'px', thresholds, fractions: [...pck], comparable: true }],
  };
};
