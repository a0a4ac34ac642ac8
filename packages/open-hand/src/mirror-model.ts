import type { ManoModel } from '@opposable/mano-layer/conventions';

const SIGN = [-1, 1, 1] as const;

/** The same hand of the other side: reflected in the plane x = 0, as MANO's left model is. */
export function mirrorModel(model: ManoModel): ManoModel {
  const { shapeCount, jointCount } = model;
  const features = 9 * (jointCount - 1);
  const sign = (i: number) => SIGN[i % 3]!;
  return {
    ...model,
    side: model.side === 'right' ? 'left' : 'right',
    vTemplate: model.vTemplate.map((x, i) => x * sign(i)),
    shapeDirs: model.shapeDirs.map((x, i) => x * sign(Math.floor(i / shapeCount))),
    poseDirs: model.poseDirs.map((x, i) => {
      const e = i % features;
      return x * sign(Math.floor(i / features)) * sign(Math.floor(e / 3)) * sign(e);
    }),
    faces: model.faces.map((_, i) => model.faces[3 * Math.floor(i / 3) + [0, 2, 1][i % 3]!]!),
    handsMean: model.handsMean.map((x, i) => (i % 3 === 0 ? x : -x)),
    handsComponents: model.handsComponents.map((x, i) => (i % 3 === 0 ? x : -x)),
  };
}
