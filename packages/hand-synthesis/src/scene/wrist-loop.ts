import type { ManoModel } from '@opposable/mano-layer/conventions';
import { openHandSurface } from '@opposable/open-hand';

/** The wrist of a mesh: where a forearm is joined. */
export interface Wrist {
  /** Vertices around the wrist, counter-clockwise seen from the elbow. */
  readonly loop: readonly number[];
  /** [F', 3] the triangles without those that close the mesh at the wrist. */
  readonly openFaces: Uint32Array;
}

const wrists = new WeakMap<ManoModel, Wrist | undefined>();

/** The boundary of an open mesh as one loop; undefined if it has none, or several. */
function boundaryLoop(faces: ArrayLike<number>): number[] | undefined {
  const edges = new Set<string>();
  for (let f = 0; f < faces.length; f += 3) {
    for (let k = 0; k < 3; k++) edges.add(`${faces[f + k]},${faces[f + ((k + 1) % 3)]}`);
  }
  const next = new Map<number, number>();
  for (const edge of edges) {
    const [from, to] = edge.split(',').map(Number) as [number, number];
    // the missing face on the other side would run along the edge the other way round
    if (!edges.has(`${to},${from}`)) next.set(to, from);
  }
  if (next.size < 3) return undefined;
  const first = Math.min(...next.keys());
  const loop = [first];
  for (let at = next.get(first); at !== undefined && at !== first && loop.length <= next.size; at = next.get(at))
    loop.push(at);
  return loop.length === next.size ? loop : undefined;
}

function findWrist(model: ManoModel): Wrist | undefined {
  if (model.topology !== 'open-hand') {
    const loop = boundaryLoop(model.faces);
    return loop && { loop, openFaces: Uint32Array.from(model.faces) };
  }
  const right = Array.from(openHandSurface().wristLoop);
  const ends = new Set(right);
  const openFaces: number[] = [];
  const { faces } = model;
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [faces[f]!, faces[f + 1]!, faces[f + 2]!];
    if (!corners.every((vertex) => ends.has(vertex))) openFaces.push(...corners);
  }
  return { loop: model.side === 'right' ? right : right.reverse(), openFaces: Uint32Array.from(openFaces) };
}

/** The wrist of a model's mesh, found once; undefined where the mesh has no end there that is known. */
export function wristOf(model: ManoModel): Wrist | undefined {
  if (!wrists.has(model)) wrists.set(model, findWrist(model));
  return wrists.get(model);
}
