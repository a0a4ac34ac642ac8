/** Mean and principal components of the generated poses: 45 orthonormal rows, the largest variance first. */
import { symmetricEigen } from './vectors.mjs';

export function poseBasis(poses) {
  const n = poses.length;
  const mean = new Float64Array(45);
  for (const pose of poses) for (let i = 0; i < 45; i++) mean[i] += pose[i] / n;
  const covariance = new Float64Array(45 * 45);
  for (const pose of poses)
    for (let i = 0; i < 45; i++)
      for (let j = 0; j < 45; j++) covariance[45 * i + j] += ((pose[i] - mean[i]) * (pose[j] - mean[j])) / (n - 1);
  const { values, vectors } = symmetricEigen(covariance, 45);
  // The sign of a component is free: the entry of the largest size is positive.
  const components = vectors.map((v) => {
    const largest = v.reduce((best, x, i) => (Math.abs(x) > Math.abs(v[best]) + 1e-9 ? i : best), 0);
    return v[largest] < 0 ? v.map((x) => -x) : v;
  });
  return { mean, components, deviations: values.map((x) => Math.sqrt(Math.max(0, x))) };
}
