import { alignHands, jointErrors, perFingerErrors, perJointErrors } from '@opposable/metrics';
import { HAND_PARAMETER_FRAME } from '@opposable/mano-layer/conventions';
import { extentRatio } from '../extent-ratio.js';
import type { PckScores } from '../score-hands.js';
import type { Measure, MeasuredCurve, Protocol } from './types.js';

function measuresBy(kind: string, unit: string, means: Partial<Record<string, number>>, detail: boolean): Measure[] {
  return Object.entries(means).map(([name, value]) => ({ name: `${kind} ${name}`, unit, value: value!, detail }));
}

function curve(title: string, unit: string, { thresholds, fractions }: PckScores): MeasuredCurve {
  return { title, unit, thresholds, fractions, comparable: false };
}

/** What can be measured of any dataset: pixels of the 256 frame, millimetres after alignment, by joint and by finger. */
export const standardProtocol: Protocol = ({ evaluation, arrays }) => {
  const { hands, scores } = evaluation;
  const { twoD, threeD } = scores;
  const seen = { mask: arrays.visibility };
  const pixels = jointErrors(hands.keypoints2d, arrays.keypoints, { dimension: 2, ...seen });
  const measures: Measure[] = [
    { name: 'hands', unit: '', value: scores.count },
    { name: '2D mean', unit: 'px of 256', value: twoD.meanPixels },
    { name: '2D mean', unit: '% of the side', value: (100 * twoD.meanPixels) / HAND_PARAMETER_FRAME },
    { name: '2D median', unit: 'px of 256', value: twoD.medianPixels },
    { name: '2D AUC 0–50 px', unit: '', value: twoD.pck.auc },
    {
      name: 'predicted / true 2D extent',
      unit: '',
      value: extentRatio(hands.keypoints2d, arrays.keypoints, arrays.visibility),
    },
  ];
  const details = [
    ...measuresBy('2D', 'px of 256', perFingerErrors(pixels, seen), false),
    ...measuresBy('2D', 'px of 256', perJointErrors(pixels, seen), true),
  ];
  const curves = [curve('2D PCK', 'px of the 256 frame', twoD.pck)];
  if (threeD !== undefined) {
    const mask = Uint8Array.from({ length: arrays.count * 21 }, (_, i) => arrays.valid3d[Math.floor(i / 21)]!);
    const aligned = alignHands(hands.keypoints3d, arrays.keypoints3d, { mask, reflection: 'forbid' });
    const errors = jointErrors(aligned, arrays.keypoints3d, { mask });
    measures.push(
      { name: 'PA-MPJPE', unit: 'mm', value: threeD.paMpjpe },
      { name: 'MPJPE, wrist on wrist', unit: 'mm', value: threeD.rootAlignedMpjpe },
      { name: '3D AUC 0–50 mm, aligned', unit: '', value: threeD.pck.auc },
    );
    details.push(
      ...measuresBy('PA', 'mm', perFingerErrors(errors, { mask }), false),
      ...measuresBy('PA', 'mm', perJointErrors(errors, { mask }), true),
    );
    curves.push(curve('3D PCK after alignment', 'mm', threeD.pck));
  }
  return {
    note: '2D in pixels of the 256-pixel crop; PA: similarity alignment of each hand, reflection forbidden.',
    measures: [...measures, ...details],
    curves,
  };
};
