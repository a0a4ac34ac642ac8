import {
  type FreihandHands,
  type FreihandMeshScores,
  type FreihandPointScores,
  freihandScores,
  freihandThresholdsMm,
  ho3dScores,
} from '@opposable/metrics';
import { DatasetError } from '@opposable/tensor-checks';
import { cameraHands, rowsWith3d, trueJoints } from '../camera-hands.js';
import type { Measure, MeasuredCurve, Protocol, ProtocolInput, ProtocolScores } from './types.js';

type PointScores = Pick<FreihandPointScores, 'meanErrorCm' | 'auc' | 'pck'>;

function measuresOf(name: string, scores: PointScores | FreihandMeshScores | undefined): Measure[] {
  if (scores === undefined) return [];
  const measures: Measure[] = [
    { name, unit: 'cm', value: scores.meanErrorCm },
    { name: `${name}, AUC 0–50 mm`, unit: '', value: scores.auc },
  ];
  if (!('fScore5mm' in scores)) return measures;
  return [
    ...measures,
    { name: `${name}, F@5 mm`, unit: '', value: scores.fScore5mm },
    { name: `${name}, F@15 mm`, unit: '', value: scores.fScore15mm },
  ];
}

function curveOf(title: string, { pck }: PointScores): MeasuredCurve {
  return { title, unit: 'mm', thresholds: freihandThresholdsMm(), fractions: [...pck], comparable: false };
}

/** FreiHAND's scores of hands in space. */
export function freihandMeasures(predicted: FreihandHands, target: FreihandHands): ProtocolScores {
  const { joints, alignedJoints, mesh, alignedMesh } = freihandScores(predicted, target);
  return {
    note: 'FreiHAND: camera frame, and after Procrustes alignment of each hand (reflection not tested for); 100 thresholds.',
    measures: [
      ...measuresOf('FreiHAND keypoints', joints),
      ...measuresOf('FreiHAND keypoints aligned', alignedJoints),
      ...measuresOf('FreiHAND mesh', mesh),
      ...measuresOf('FreiHAND mesh aligned', alignedMesh),
    ],
    curves: [curveOf('3D PCK of FreiHAND', joints), curveOf('3D PCK of FreiHAND, aligned', alignedJoints)],
  };
}

/** HO-3D's scores of hands in space; predicted and true in the same axes. */
export function ho3dMeasures(predicted: FreihandHands, target: FreihandHands): ProtocolScores {
  const { joints, scaleTranslationJoints, alignedJoints, mesh, alignedMesh } = ho3dScores(predicted, target);
  return {
    note: 'HO-3D: as predicted, with scale and translation aligned, and after Procrustes alignment (reflection not tested for); axes are OpenGL’s in its files only.',
    measures: [
      ...measuresOf('HO-3D joints', joints),
      ...measuresOf('HO-3D joints, scale and translation', scaleTranslationJoints),
      ...measuresOf('HO-3D joints aligned', alignedJoints),
      ...measuresOf('HO-3D mesh', mesh),
      ...measuresOf('HO-3D mesh aligned', alignedMesh),
    ],
    curves: [
      curveOf('3D PCK of HO-3D, scale and translation', scaleTranslationJoints),
      curveOf('3D PCK of HO-3D, aligned', alignedJoints),
    ],
  };
}

/** Joints of a data set; what is true of the mesh is not in it. */
function jointsOf({ evaluation, arrays, hand }: ProtocolInput): [FreihandHands, FreihandHands] {
  const rows = rowsWith3d(arrays);
  if (rows.length === 0) {
    throw new DatasetError('evaluate: expected samples with 3D keypoints and a camera for this protocol, found none.');
  }
  const { joints } = cameraHands(hand, evaluation.parameters, arrays, rows);
  return [{ xyz: joints }, { xyz: trueJoints(arrays, rows) }];
}

export const freihandProtocol: Protocol = (input) => freihandMeasures(...jointsOf(input));
export const ho3dProtocol: Protocol = (input) => ho3dMeasures(...jointsOf(input));
