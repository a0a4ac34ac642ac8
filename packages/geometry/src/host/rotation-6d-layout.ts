import { ConfigError } from '@opposable/tensor-checks';

/**
 * How six numbers stand for a rotation matrix R.
 *
 * - `'columns'`: the first three are column 0 of R, the last three column 1 (manopth, HaMeR)
 * - `'interleaved'`: elements 0, 2, 4 are column 0, elements 1, 3, 5 column 1: the row-major 3×2 matrix of the first
 *   two columns (HMR, SPIN, CMR, Hand4Whole)
 * - `'rows'`: the first three are row 0 of R, the last three row 1 (PyTorch3D)
 */
export type Rotation6dLayout = 'columns' | 'interleaved' | 'rows';

/** For each layout the row-major indices into R at which the six numbers stand: x[i] = R[indices[i]]. */
export const ROTATION_6D_INDICES: Readonly<Record<Rotation6dLayout, readonly number[]>> = {
  columns: [0, 3, 6, 1, 4, 7],
  interleaved: [0, 1, 3, 4, 6, 7],
  rows: [0, 1, 2, 3, 4, 5],
};

/** @throws ConfigError if the layout is none of the three */
export function rotation6dIndices(layout: Rotation6dLayout, operation: string): readonly number[] {
  if (!Object.hasOwn(ROTATION_6D_INDICES, layout)) {
    const expected = Object.keys(ROTATION_6D_INDICES);
    throw new ConfigError(`${operation}: expected layout to be one of ${expected.join(', ')}, got ${String(layout)}.`, {
      expected,
      actual: layout,
    });
  }
  return ROTATION_6D_INDICES[layout];
}
