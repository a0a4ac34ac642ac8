/**
 * Ten shape directions. Each is a smooth displacement field built from what people differ in (the length and girth of
 * each bone, the width, length and depth of the palm), given on the joints as well as on the flesh, with its amplitude
 * one standard deviation of adults. The fields are then made orthogonal one after the other (over the vertices; the joints follow).
 *
 * Amplitudes. Hand length varies by about 10 mm and hand breadth by about 4 mm within a population (first 29 rows of the
 * public ANSUR II file of men, Gordon et al. 2014, NATICK/TR-15/007: 197 ± 11 and 89 ± 3.7 mm). Fingers and thumb:
 * 63.9 ± 4.1, 70.7 ± 5.2, 65.5 ± 4.8, 53.3 ± 4.3 and 49.5 ± 5.5 mm, that is 6–8 and 11 % (Chatzıoğlou, Pınar & Govsa
 * 2024, Anat Cell Biol 57(2), 51 adults, both sexes). Size alone gives 4.8 % of each; the other directions carry what is
 * left. Girth, taper and depth are chosen by eye on that scale.
 *
 * Tried: smoothing the displacements over the mesh. Neighbours are uneven, so even a plain enlargement was bent: edges
 * between the fingers stretched by 20 % where 4.8 % was meant.
 */
import { add, cross, dot, norm, row, scale, sub } from './vectors.mjs';
import { smoothWeights } from './weights.mjs';

const BLEND_PASSES = 8;

const clamp01 = (x) => Math.max(0, Math.min(1, x));
const smoothStep = (x) => clamp01(x) ** 2 * (3 - 2 * clamp01(x));

/** Everything the fields are written in. */
export function shapeContext({ vertices, joints, tips, weights, bones, normals, adjacency }) {
  const lengths = bones.map((_, i) => {
    const j = i + 1;
    const end = j % 3 === 0 ? row(tips, j / 3 - 1) : row(joints, j + 1);
    return norm(sub(end, row(joints, j)));
  });
  const wrist = row(joints, 0);
  const knuckles = [1, 4, 7, 10].map((j) => row(joints, j));
  return {
    vertices,
    joints,
    tips,
    // Where the fields of two bones differ they blend over a wider band than skin does when it bends.
    weights: smoothWeights(weights, adjacency, BLEND_PASSES),
    bones,
    normals,
    lengths,
    wrist,
    knuckles,
  };
}

const NO_PALM = () => [0, 0, 0];

/**
 * A field from a recipe: `palm(p)` displaces points carried by the wrist; `fingers[f]` gives per bone the relative change
 * of length, and the relative change of girth (across, depth) at its start and end.
 */
export function displacement(context, { palm = NO_PALM, fingers = {} }) {
  const { vertices, joints, tips, weights, bones, normals, lengths } = context;
  const ends = Array.from({ length: 16 }, (_, j) => (j === 0 ? palm(row(joints, 0)) : null));
  const fields = [palm];
  for (let f = 0; f < 5; f++) {
    const recipe = fingers[f] ?? {};
    const { length = [0, 0, 0], girth = [0, 0, 0, 0], depth = girth } = recipe;
    let carried = palm(row(joints, 3 * f + 1));
    for (let b = 0; b < 3; b++) {
      const j = 3 * f + 1 + b;
      const [bone, normal] = [bones[j - 1], normals[j - 1]];
      const across = cross(normal, bone);
      const origin = row(joints, j);
      const start = carried;
      ends[j] = start;
      const reach = lengths[j - 1];
      fields[j] = (p) => {
        const d = sub(p, origin);
        const along = dot(d, bone);
        const t = clamp01(along / reach);
        const wide = girth[b] + (girth[b + 1] - girth[b]) * t;
        const deep = depth[b] + (depth[b + 1] - depth[b]) * t;
        return add(
          start,
          add(
            scale(bone, length[b] * along),
            add(scale(across, wide * dot(d, across)), scale(normal, deep * dot(d, normal))),
          ),
        );
      };
      carried = add(carried, scale(bone, length[b] * reach));
    }
  }
  const flesh = new Float64Array(vertices.length);
  for (let v = 0; v < vertices.length / 3; v++) {
    const p = row(vertices, v);
    let sum = [0, 0, 0];
    for (let j = 0; j < 16; j++) {
      const w = weights[16 * v + j];
      if (w > 0) sum = add(sum, scale(fields[j](p), w));
    }
    flesh.set(sum, 3 * v);
  }
  const tipEnds = Array.from({ length: 5 }, (_, f) => fields[3 * f + 3](row(tips, f)));
  return {
    vertices: flesh,
    joints: Float64Array.from(ends.flat()),
    tips: Float64Array.from(tipEnds.flat()),
  };
}

const everyFinger = (recipe, which = [0, 1, 2, 3]) => Object.fromEntries(which.map((f) => [f, recipe]));

/** The recipes, each with the amplitude of one standard deviation. Fingers: 0 index, 1 middle, 2 pinky, 3 ring, 4 thumb. */
export function shapeRecipes(context) {
  const { wrist, knuckles } = context;
  const knuckleX = knuckles.reduce((s, k) => s + k[0], 0) / 4;
  const knuckleZ = knuckles.reduce((s, k) => s + k[2], 0) / 4;
  /** 0 at the wrist joint (and behind it), 1 at the knuckles. */
  const outward = (p) => clamp01((wrist[0] - p[0]) / (wrist[0] - knuckleX));
  const axisZ = (p) => wrist[2] + (knuckleZ - wrist[2]) * outward(p);
  const axisY = (p) => wrist[1] + (0.002 - wrist[1]) * outward(p);
  const wide = (amount, atWrist) => (p) => [
    0,
    0,
    (p[2] - axisZ(p)) * amount * (atWrist + (1 - atWrist) * smoothStep(outward(p))),
  ];
  const deep = (amount) => (p) => [0, (p[1] - axisY(p)) * amount, 0];
  const both = (a, b) => (p) => add(a(p), b(p));
  const flat = (x) => [x, x, x];
  const girth = (x) => [x, x, x, x];
  return [
    {
      name: 'size',
      palm: (p) => scale(sub(p, wrist), 0.048),
      fingers: Object.fromEntries([0, 1, 2, 3, 4].map((f) => [f, { length: flat(0.048), girth: girth(0.048) }])),
    },
    {
      name: 'breadth',
      palm: both(wide(0.042, 0.9), deep(0.035)),
      fingers: everyFinger({ girth: girth(0.05) }, [0, 1, 2, 3, 4]),
    },
    { name: 'finger-length', fingers: { ...everyFinger({ length: flat(0.062) }), 4: { length: [0, 0.04, 0.04] } } },
    { name: 'palm-width', palm: wide(0.04, 0.35) },
    { name: 'finger-girth', fingers: everyFinger({ girth: girth(0.05) }, [0, 1, 2, 3, 4]) },
    {
      name: 'thumb-size',
      fingers: { 4: { length: [0.05, 0.06, 0.06], girth: [0.03, 0.06, 0.07, 0.07] } },
    },
    {
      name: 'taper',
      fingers: everyFinger({ girth: [0.05, 0.02, -0.04, -0.08] }, [0, 1, 2, 3, 4]),
      palm: wide(0.012, -1),
    },
    { name: 'palm-depth', palm: deep(0.07), fingers: { 4: { girth: [0.06, 0.02, 0, 0] } } },
    {
      name: 'index-over-ring',
      fingers: { 0: { length: flat(0.018) }, 3: { length: flat(-0.018) } },
    },
    {
      name: 'little-finger',
      fingers: { 2: { length: flat(0.055), girth: girth(0.02) }, 1: { length: flat(-0.004) } },
    },
  ];
}

/** The ten fields, orthogonal in order: { names, fields: [{ vertices, joints, tips }] }. */
export function shapeDirections(context) {
  const recipes = shapeRecipes(context);
  const inner = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  const done = [];
  for (const recipe of recipes) {
    const field = displacement(context, recipe);
    for (const earlier of done) {
      const share = inner(field.vertices, earlier.vertices) / inner(earlier.vertices, earlier.vertices);
      for (const part of ['vertices', 'joints', 'tips'])
        field[part] = field[part].map((x, i) => x - share * earlier[part][i]);
    }
    done.push(field);
  }
  return { names: recipes.map((recipe) => recipe.name), fields: done };
}
