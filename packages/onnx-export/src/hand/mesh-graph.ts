import { axisAngleToMatrix as hostMatrix } from '@opposable/geometry/host';
import {
  fingertipVertices,
  HAND_PARAMETER_BLOCKS,
  HAND_PARAMETER_ROOT,
  keypointSources,
  type ManoModel,
  palmVertices,
} from '@opposable/mano-layer/conventions';
import type { GraphBuilder } from '../graph/graph-builder.js';
import { axisAngleToMatrix } from '../graph/rotations.js';

const HAND_POSE = 45;
/** Joints whose rotations are pose: all but the root. */
const POSED = 15;
const JOINTS = 16;

/** Names of values of the graph. */
export interface MeshValues {
  /** [B, V, 3] metres, image axes */
  readonly vertices: string;
  /** [B, 21, 3] metres, image axes */
  readonly keypoints3d: string;
  /** [B, 21, 2] pixels of the 256 frame */
  readonly keypoints2d: string;
}

/** [rows, inner] · [inner, columns] in float64. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, inner: number, columns: number): Float64Array {
  const out = new Float64Array((a.length / inner) * columns);
  for (let row = 0; row < a.length / inner; row++) {
    for (let k = 0; k < inner; k++) {
      const factor = a[row * inner + k]!;
      if (factor === 0) continue;
      for (let c = 0; c < columns; c++) out[row * columns + c]! += factor * b[k * columns + c]!;
    }
  }
  return out;
}

/** [rows, columns] → the first `count` columns as rows. */
function columnsAsRows(matrix: ArrayLike<number>, columns: number, count: number): Float64Array {
  const rows = matrix.length / columns;
  return Float64Array.from({ length: rows * count }, (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** Joints by their number of ancestors: each level hangs on the one before. */
function levelsOf(parents: Int32Array): number[][] {
  const depths: number[] = [];
  parents.forEach((parent, joint) => depths.push(parent < 0 ? 0 : depths[parent]! + 1) && joint);
  return Array.from({ length: Math.max(...depths) + 1 }, (_, depth) =>
    depths.flatMap((own, joint) => (own === depth ? [joint] : [])),
  );
}

/** [B, J, 3, 3] and [B, J, 3, 1]: what the joints do in space, the world's rotation last. */
function poseJoints(
  graph: GraphBuilder,
  { parents }: ManoModel,
  values: { world: string; rotations: string; joints: string },
): { rotations: string; places: string } {
  const { world, rotations, joints } = values;
  const rest = graph.reshape(joints, [0, JOINTS, 3, 1]);
  const root = graph.constant(hostMatrix(HAND_PARAMETER_ROOT), [1, 1, 3, 3], 'root-rotation');
  let level = { rotations: graph.matMul(world, root), places: graph.matMul(world, graph.gather(rest, [0], 1)) };
  const done = [level];
  const [first, ...others] = levelsOf(parents);
  let before = first!;
  for (const own of others) {
    const above = own.map((joint) => before.indexOf(parents[joint]!));
    const parentRotation = graph.gather(level.rotations, above, 1);
    const bone = graph.sub(
      graph.gather(rest, own, 1),
      graph.gather(
        rest,
        own.map((joint) => parents[joint]!),
        1,
      ),
    );
    const turned = graph.gather(
      rotations,
      own.map((joint) => joint - 1),
      1,
    );
    level = {
      rotations: graph.matMul(parentRotation, turned),
      places: graph.add(graph.matMul(parentRotation, bone), graph.gather(level.places, above, 1)),
    };
    done.push(level);
    before = own;
  }
  const order = levelsOf(parents).flat();
  const inOrder = order.map((_, joint) => order.indexOf(joint));
  const together = (key: 'rotations' | 'places'): string =>
    graph.gather(
      graph.concat(
        done.map((each) => each[key]),
        1,
      ),
      inOrder,
      1,
    );
  return { rotations: together('rotations'), places: together('places') };
}

/**
 * The hand of the 22 numbers in the graph: what `decodeHandParameters` of @opposable/mano-layer computes, with six pose
 * components, the mean pose added, and the keypoints in the order `panoptic`.
 *
 * @param parameters value [B, 22]
 */
export function meshGraph(graph: GraphBuilder, parameters: string, hand: ManoModel): MeshValues {
  const block = (name: keyof typeof HAND_PARAMETER_BLOCKS): string => {
    const [start, end] = HAND_PARAMETER_BLOCKS[name];
    return graph.slice(parameters, start, end - start);
  };
  const size = (name: keyof typeof HAND_PARAMETER_BLOCKS): number => {
    const [start, end] = HAND_PARAMETER_BLOCKS[name];
    return end - start;
  };
  const { vertexCount: count, shapeCount, vTemplate, shapeDirs, poseDirs, jRegressor, lbsWeights } = hand;
  const shapes = columnsAsRows(shapeDirs, shapeCount, size('betas')); // [10, V·3]
  const jointOf = (rows: ArrayLike<number>): Float64Array => product(jRegressor, rows, count, 3); // [16, 3]
  const shapeRows = Array.from({ length: size('betas') }, (_, s) =>
    shapes.subarray(s * count * 3, (s + 1) * count * 3),
  );

  const betas = block('betas');
  const linear = (rows: ArrayLike<number>, offset: ArrayLike<number>, input: string, name: string): string => {
    const columns = offset.length;
    const matrix = graph.constant(rows, [rows.length / columns, columns], `${name}.matrix`);
    return graph.add(graph.matMul(input, matrix), graph.constant(offset, [columns], `${name}.offset`));
  };
  const shaped = linear(shapes, vTemplate, betas, 'shape');
  const jointShapes = Float64Array.from(shapeRows.flatMap((rows) => Array.from(jointOf(rows))));
  const joints = graph.reshape(linear(jointShapes, jointOf(vTemplate), betas, 'joints'), [0, JOINTS, 3]);

  const components = hand.handsComponents.subarray(0, size('pose') * HAND_POSE);
  const pose = graph.reshape(linear(components, hand.handsMean, block('pose'), 'pose'), [0, POSED, 3]);
  const rotations = axisAngleToMatrix(graph, pose, POSED); // [B, 15, 3, 3]
  const identity = graph.constant([1, 0, 0, 0, 1, 0, 0, 0, 1], [1, 1, 3, 3], 'identity');
  const feature = graph.reshape(graph.sub(rotations, identity), [0, POSED * 9]);
  const correctives = graph.constant(
    columnsAsRows(poseDirs, POSED * 9, POSED * 9),
    [POSED * 9, count * 3],
    'correctives',
  );
  const posed = graph.add(shaped, graph.matMul(feature, correctives)); // [B, V·3]

  const world = axisAngleToMatrix(graph, graph.reshape(block('rotation'), [0, 1, 3]), 1);
  const moved = poseJoints(graph, hand, { world, rotations, joints });
  const shift = graph.sub(moved.places, graph.matMul(moved.rotations, graph.reshape(joints, [0, JOINTS, 3, 1])));
  const transforms = graph.reshape(graph.concat([moved.rotations, shift], 3), [0, JOINTS, 12]);
  const blended = graph.matMul(graph.constant(lbsWeights, [1, count, JOINTS], 'weights'), transforms); // [B, V, 12]
  const affine = graph.reshape(blended, [0, count, 3, 4]);
  const turned = graph.mul(graph.slice(affine, 0, 3, 3), graph.reshape(posed, [0, count, 1, 3]));
  const vertices = graph.add(graph.sum(turned, 3), graph.reshape(graph.slice(affine, 3, 1, 3), [0, count, 3]));

  const sources = keypointSources('panoptic');
  const tips = graph.gather(vertices, fingertipVertices(hand), 1);
  const points = [graph.reshape(moved.places, [0, JOINTS, 3]), tips];
  if (sources.some((source) => source > JOINTS + 4)) {
    const palm = graph.gather(vertices, palmVertices(hand), 1);
    points.push(graph.apply('ReduceMean', [palm], { axes: [1], keepdims: 1 }));
  }
  const keypoints3d = graph.gather(graph.concat(points, 1), sources, 1);
  const flat = graph.mul(graph.slice(keypoints3d, 0, 2, 2), graph.reshape(block('scale'), [0, 1, 1]));
  const keypoints2d = graph.add(flat, graph.reshape(block('translation'), [0, 1, 2]));
  return { vertices, keypoints3d, keypoints2d };
}
