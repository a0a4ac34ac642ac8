import { type Node, WebIO } from '@gltf-transform/core';

const numbersOf = (accessor: { getArray(): unknown } | null): number[] =>
  Array.from(accessor!.getArray() as ArrayLike<number>);

type Affine = readonly number[]; // 4 × 4, column-major, as glTF has them

function multiply(a: Affine, b: Affine): number[] {
  return Array.from({ length: 16 }, (_, place) => {
    const [column, row] = [Math.floor(place / 4), place % 4];
    return [0, 1, 2, 3].reduce((sum, k) => sum + a[k * 4 + row]! * b[column * 4 + k]!, 0);
  });
}

/** The transform of a node from its translation and quaternion, by the formulas of the specification. */
function local(node: Node): number[] {
  const [x, y, z, w] = node.getRotation();
  const [tx, ty, tz] = node.getTranslation();
  // prettier-ignore
  return [
    1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w), 0,
    2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w), 0,
    2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y), 0,
    tx, ty, tz, 1,
  ];
}

function world(node: Node): number[] {
  const parent = node.getParentNode();
  return parent === null ? local(node) : multiply(world(parent), local(node));
}

export interface EvaluatedGlb {
  /** [V, 3] what a viewer shows, in the file's axes. */
  readonly vertices: number[];
  /** [J, 3] origins of the joints' nodes. */
  readonly joints: number[];
  readonly faces: number[];
  readonly jointNames: string[];
  readonly targetNames: unknown;
  /** Sets of four weights per vertex. */
  readonly setCount: number;
}

/** What glTF says is seen: morph targets, then skinning; nothing of the package's own code. */
export async function evaluateSkinnedGlb(bytes: Uint8Array): Promise<EvaluatedGlb> {
  const root = (await new WebIO().readBinary(bytes)).getRoot();
  const node = root.listNodes().find((candidate) => candidate.getSkin() !== null)!;
  const [mesh, skin] = [node.getMesh()!, node.getSkin()!];
  const [primitive] = mesh.listPrimitives();
  const points = numbersOf(primitive!.getAttribute('POSITION'));
  primitive!.listTargets().forEach((target, k) => {
    const weight = mesh.getWeights()[k]!;
    numbersOf(target.getAttribute('POSITION')).forEach((value, i) => (points[i]! += weight * value));
  });
  const binds = numbersOf(skin.getInverseBindMatrices());
  const matrices = skin.listJoints().map((joint, j) => multiply(world(joint), binds.slice(j * 16, j * 16 + 16)));
  const sets = ['0', '1'].filter((set) => primitive!.getAttribute(`JOINTS_${set}`) !== null);
  const influences = sets.map((set) => ({
    joints: numbersOf(primitive!.getAttribute(`JOINTS_${set}`)),
    weights: numbersOf(primitive!.getAttribute(`WEIGHTS_${set}`)),
  }));
  const vertices = points.map((_, i) => {
    const [v, row] = [Math.floor(i / 3), i % 3];
    let sum = 0;
    for (const { joints, weights } of influences) {
      for (let n = v * 4; n < v * 4 + 4; n++) {
        const matrix = matrices[joints[n]!]!;
        const moved = [0, 1, 2].reduce(
          (total, k) => total + matrix[k * 4 + row]! * points[v * 3 + k]!,
          matrix[12 + row]!,
        );
        sum += weights[n]! * moved;
      }
    }
    return sum;
  });
  return {
    vertices,
    joints: skin.listJoints().flatMap((joint) => world(joint).slice(12, 15)),
    faces: numbersOf(primitive!.getIndices()),
    jointNames: skin.listJoints().map((joint) => joint.getName()),
    targetNames: mesh.getExtras()['targetNames'],
    setCount: sets.length,
  };
}
