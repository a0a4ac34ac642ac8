import { ConfigError } from '@opposable/tensor-checks';

/** A posed joint or a posed vertex with its share in a point. */
export type PointTerm =
  | { readonly joint: number; readonly vertex?: undefined; readonly weight: number }
  | { readonly vertex: number; readonly joint?: undefined; readonly weight: number };

/** A point of the posed model: Σ weight · joint or vertex. Vertices are counted in the whole mesh. */
export type PointTerms = readonly PointTerm[];

/**
 * Checks that every term names one joint or one vertex of the model.
 *
 * @throws ConfigError `createSkinningConstants: expected each term of points[2] to name …, got …`
 */
export function checkPointTerms(terms: PointTerms, name: string, jointCount: number, vertexCount: number): void {
  for (const { joint, vertex, weight } of terms) {
    const [index, count] = joint === undefined ? [vertex, vertexCount] : [joint, jointCount];
    const isOne = (joint === undefined) !== (vertex === undefined);
    const exists = Number.isInteger(index) && index >= 0 && index < count;
    if (isOne && exists && Number.isFinite(weight)) continue;
    const accepted = `one joint (0 to ${jointCount - 1}) or one vertex (0 to ${vertexCount - 1}) with a finite weight`;
    throw new ConfigError(
      `createSkinningConstants: expected each term of ${name} to name ${accepted}, ` +
        `got joint ${joint ?? 'none'}, vertex ${vertex ?? 'none'}, weight ${weight}.`,
      { expected: accepted, actual: { joint, vertex, weight } },
    );
  }
}

/** Vertices that the points are made of, each once, in order of appearance. */
export function verticesOfPoints(points: readonly PointTerms[]): number[] {
  const found = new Set<number>();
  for (const terms of points) {
    for (const { vertex } of terms) if (vertex !== undefined) found.add(vertex);
  }
  return [...found];
}
