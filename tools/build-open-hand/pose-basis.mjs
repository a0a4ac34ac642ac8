/**
 * Mean and principal components of the generated poses: 45 orthogonal rows, the largest variance first. The length of a
 * row is the standard deviation of the poses along it (radians), so that a unit coefficient is one standard deviation,
 * but at least LEAST_LENGTH, so that a fit reaches every joint angle without extreme coefficients.
 *
 * Tried: rows of length 1. Six coefficients uniform in ±2 then spread 8 rad² evenly over the first six components where
 * natural poses have 2.8 rad², 1.5 of it in the first: half of the hands had a joint bent back or closed by more than
 * 30° beyond its range.
 */
import { symmetricEigen } from './vectors.mjs';

/** Radians. */
const LEAST_LENGTH = 0.1;

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
  const deviations = values.map((x) => Math.sqrt(Math.max(0, x)));
  const scaled = components.map((v, i) => v.map((x) => x * Math.max(LEAST_LENGTH, deviations[i])));
  return { mean, components: scaled, deviations };
}
