import type { SkinningConstantsOptions } from '../create-skinning-constants.js';
import type { ParametricModel } from '../host/types.js';
import type { PointTerms } from '../point-terms.js';
import { referenceSkinning } from './reference-skinning.js';
import { rotationAbout } from './synthetic-model.js';

/** One item in float64. */
export interface ReferenceItem {
  readonly betas: ArrayLike<number>;
  /** Numbers of the pose basis. */
  readonly pose: ArrayLike<number>;
  readonly globalOrient: ArrayLike<number>;
  readonly worldRotation?: ArrayLike<number> | undefined;
  readonly transl?: ArrayLike<number> | undefined;
}

/** Rodrigues' formula of one vector. */
export function rotationOf(vector: readonly number[]): number[] {
  const angle = Math.hypot(...vector);
  return angle === 0 ? [1, 0, 0, 0, 1, 0, 0, 0, 1] : rotationAbout(vector, angle);
}

/** [J, 9] of pose numbers. */
export function referenceRotations(
  { jointCount }: ParametricModel,
  { components, mean }: NonNullable<SkinningConstantsOptions['poseBasis']>,
  { pose, globalOrient }: Pick<ReferenceItem, 'pose' | 'globalOrient'>,
): number[] {
  const length = 3 * (jointCount - 1);
  const others = Array.from({ length }, (_, k) => {
    let value = mean?.[k] ?? 0;
    if (components === undefined) return value + pose[k]!;
    for (let n = 0; n < pose.length; n++) value += pose[n]! * components[n * length + k]!;
    return value;
  });
  const vectors = [...Array.from(globalOrient), ...others];
  return Array.from({ length: jointCount }, (_, j) => rotationOf(vectors.slice(3 * j, 3 * j + 3))).flat();
}

/** The whole model from its formulas: vertices of the whole mesh or of `options.vertices`, joints, points. */
export function referenceModel(
  model: ParametricModel,
  options: SkinningConstantsOptions,
  item: ReferenceItem,
): { vertices: number[]; joints: number[]; points: number[] } {
  const { points = [], center, scale = 1, poseBasis = {} } = options;
  const posed = referenceSkinning(model, item.betas, referenceRotations(model, poseBasis, item));
  const turn = item.worldRotation ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const turned = (numbers: readonly number[]) =>
    numbers.map((_, at) => {
      const [first, i] = [at - (at % 3), at % 3];
      return [0, 1, 2].reduce((sum, k) => sum + turn[3 * i + k]! * numbers[first + k]!, 0);
    });
  const [vertices, joints] = [turned(posed.vertices), turned(posed.joints)];
  const pointOf = (terms: PointTerms) =>
    [0, 1, 2].map((i) =>
      terms.reduce(
        (sum, { joint, vertex, weight }) =>
          sum + weight * (joint === undefined ? vertices[3 * vertex + i]! : joints[3 * joint + i]!),
        0,
      ),
    );
  const middle = pointOf(center ?? []);
  const place = (numbers: readonly number[]) =>
    numbers.map((value, at) => scale * (value - middle[at % 3]! + (item.transl?.[at % 3] ?? 0)));
  const ids = options.vertices ?? Array.from({ length: model.vertexCount }, (_, v) => v);
  return {
    vertices: place(Array.from(ids).flatMap((id) => vertices.slice(3 * id, 3 * id + 3))),
    joints: place(joints),
    points: place(points.flatMap(pointOf)),
  };
}
