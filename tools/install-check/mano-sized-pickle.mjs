import { writeModelPickle } from '@opposable/array-files/testing';
import { manoModelToArrays } from '@opposable/mano-layer/files';
import { loadOpenHand } from '@opposable/open-hand';

const [VERTICES, FACES, SHAPES] = [778, 1538, 10];

/** The open hand with as many vertices and faces as MANO's has: those that its joints are made of, and others. MANO's are licensed. */
export function manoSizedPickle() {
  const hand = loadOpenHand('right');
  const { vertexCount: V, jointCount: J, shapeCount: S } = hand;
  const isUsed = (v) => Array.from({ length: J }, (_, j) => hand.jRegressor[j * V + v]).some((weight) => weight !== 0);
  const all = Array.from({ length: V }, (_, v) => v);
  const kept = [...all.filter(isUsed), ...all.filter((v) => !isUsed(v))].slice(0, VERTICES);
  const place = new Map(kept.map((v, i) => [v, i]));
  const rows = (data, width) =>
    Float32Array.from(kept.flatMap((v) => Array.from(data.subarray(v * width, (v + 1) * width))));
  const triangles = Array.from({ length: hand.faces.length / 3 }, (_, f) =>
    Array.from(hand.faces.subarray(3 * f, 3 * f + 3)),
  );
  const inside = triangles.filter((triangle) => triangle.every((v) => place.has(v)));
  const shapes = Array.from({ length: VERTICES * 3 }, (_, i) => {
    const row = kept[Math.floor(i / 3)] * 3 + (i % 3);
    return Array.from({ length: SHAPES }, (__, k) => (k < S ? hand.shapeDirs[row * S + k] : 0));
  });
  return writeModelPickle(
    manoModelToArrays({
      ...hand,
      topology: 'mano',
      vertexCount: VERTICES,
      shapeCount: SHAPES,
      landmarks: undefined,
      vertexColors: undefined,
      vTemplate: rows(hand.vTemplate, 3),
      shapeDirs: Float32Array.from(shapes.flat()),
      poseDirs: rows(hand.poseDirs, 3 * 9 * (J - 1)),
      lbsWeights: rows(hand.lbsWeights, J),
      jRegressor: Float32Array.from({ length: J * VERTICES }, (_, i) => hand.jRegressor[Math.floor(i / VERTICES) * V + kept[i % VERTICES]]), // prettier-ignore
      faces: Uint32Array.from(Array.from({ length: FACES }, (_, f) => inside[f % inside.length].map((v) => place.get(v))).flat()), // prettier-ignore
    }),
  );
}
