import type { FloatArray, ParametricModel } from './types.js';

/** The rest joints as a linear function of the shape coefficients: J = template + Σ_k betas_k · rows[k]. */
export interface JointShape {
  /** [J · 3] rest joints of the mean shape: J_regressor · v_template. */
  readonly jointTemplate: Float64Array;
  /** [S, J · 3] movement of the rest joints per unit of each coefficient: J_regressor · shapeDirs. */
  readonly jointRows: Float64Array;
}

const known = new WeakMap<ParametricModel, JointShape>();

/** Adds the joints of `source` [V · 3, stride] (element `place` of each row) to `target`, for every entry of the regressor. */
function regress(model: ParametricModel, source: FloatArray, stride: number, target: Float64Array): void {
  const { vertexCount, jointCount, jRegressor } = model;
  const size = jointCount * 3;
  for (let j = 0; j < jointCount; j++) {
    for (let v = 0; v < vertexCount; v++) {
      const weight = jRegressor[j * vertexCount + v]!;
      if (weight === 0) continue;
      for (let i = 0; i < 3; i++) {
        const from = (v * 3 + i) * stride;
        for (let s = 0; s < stride; s++) target[s * size + j * 3 + i]! += weight * source[from + s]!;
      }
    }
  }
}

/** Folds the joint regressor into the shape space; the result is remembered per model object. */
export function jointShape(model: ParametricModel): JointShape {
  const present = known.get(model);
  if (present !== undefined) return present;
  const { jointCount, shapeCount, vTemplate, shapeDirs } = model;
  const made = {
    jointTemplate: new Float64Array(jointCount * 3),
    jointRows: new Float64Array(shapeCount * jointCount * 3),
  };
  regress(model, vTemplate, 1, made.jointTemplate);
  regress(model, shapeDirs, shapeCount, made.jointRows);
  known.set(model, made);
  return made;
}
