/**
 * Hand shapes that people make, as ranges of anatomical angles in degrees: fingers [knuckle, middle joint, end joint,
 * spread], thumb [across, out of the palm's plane, turn, knuckle, end joint]. Positive bends go towards the palm.
 *
 * The ranges stay within the active range of motion (`openHandJointFrames`), to which every draw is cut.
 */
import type { Rng } from '@opposable/tensor-checks';

/** Knuckle, middle joint, end joint, spread. */
export type FingerAngles = readonly [number, number, number, number];
/** Across the palm, out of its plane, turn about the bone, knuckle, end joint. */
export type ThumbAngles = readonly [number, number, number, number, number];

export interface HandAngles {
  /** index, middle, pinky, ring: the raw order of MANO */
  readonly fingers: readonly [FingerAngles, FingerAngles, FingerAngles, FingerAngles];
  readonly thumb: ThumbAngles;
}

type Range = readonly [number, number];
/** Fan of a spread hand in degrees per unit of spread: index, middle, pinky, ring. */
const FAN = [11, 1.5, -14, -7] as const;

const draw = (rng: Rng, [low, high]: Range): number => rng.uniform(low, high);
const drawThumb = (rng: Rng, ranges: readonly [Range, Range, Range, Range, Range]): ThumbAngles =>
  ranges.map((range) => draw(rng, range)) as unknown as ThumbAngles;

const THUMBS = {
  out: (rng: Rng) => drawThumb(rng, [[-12, 8], [-10, 20], [-14, 6], [-8, 18], [-15, 20]]),
  across: (rng: Rng) => drawThumb(rng, [[16, 38], [4, 28], [-40, -14], [10, 52], [10, 68]]),
  opposed: (rng: Rng) => drawThumb(rng, [[2, 28], [14, 38], [-42, -16], [0, 36], [0, 50]]),
  aside: (rng: Rng) => drawThumb(rng, [[10, 30], [-10, 10], [-15, 2], [-2, 30], [-8, 40]]),
} as const; // prettier-ignore

type ThumbKind = keyof typeof THUMBS;

/** One of the kinds with weights. */
function thumbOf(rng: Rng, weights: Partial<Record<ThumbKind, number>>): ThumbAngles {
  const entries = Object.entries(weights) as [ThumbKind, number][];
  let at = rng.uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight] of entries) if ((at -= weight) < 0) return THUMBS[kind](rng);
  return THUMBS[entries[0]![0]](rng);
}

const ANY_THUMB = { out: 3, across: 2, opposed: 3, aside: 2 } as const;

type Fingers = [FingerAngles, FingerAngles, FingerAngles, FingerAngles];
const eachFinger = (make: (finger: number) => FingerAngles): Fingers => [make(0), make(1), make(2), make(3)];

/** Place of a finger from the index finger on: the raw order has the little finger before the ring finger. */
const PLACE = [0, 1, 3, 2] as const;

const straight = (rng: Rng): FingerAngles => [rng.uniform(-8, 14), rng.uniform(0, 14), rng.uniform(-3, 8), 0];

/** All joints of a finger bent in proportion: 0 straight, 1 a fist. */
const curled = (curl: number, [mcp, pip, dip]: readonly [number, number, number] = [80, 96, 62]): FingerAngles => [
  mcp * curl,
  pip * curl,
  dip * curl,
  0,
];

function fanned(fingers: Fingers, spread: number): Fingers {
  return eachFinger((f) => {
    const [mcp, pip, dip, swing] = fingers[f]!;
    return [mcp, pip, dip, swing + FAN[f]! * spread];
  });
}

type Recipe = (rng: Rng) => HandAngles;

/** Fingers up or down, as in counting and signs. */
function raised(rng: Rng, up: readonly boolean[], thumb: ThumbAngles): HandAngles {
  const closed = rng.uniform(0.72, 1);
  const fingers = eachFinger((f) =>
    up[PLACE[f]!] ? straight(rng) : curled(Math.min(1.04, closed + rng.normal(0, 0.05))),
  );
  return { fingers: fanned(fingers, rng.normal(0.5, 0.6)), thumb };
}

/** The shapes by name. */
export const HAND_SHAPES = {
  /** at rest */
  relaxed: (rng) => {
    const base = rng.uniform(5, 38);
    return {
      fingers: eachFinger((f) => [
        base + 5 * PLACE[f]! + rng.normal(0, 6),
        20 + 0.7 * base + 3 * PLACE[f]! + rng.normal(0, 9),
        12 + 0.3 * base + rng.normal(0, 6),
        rng.normal(0, 3),
      ]),
      thumb: drawThumb(rng, [[-4, 22], [0, 26], [-28, -2], [0, 26], [0, 36]]), // prettier-ignore
    };
  },
  /** flat, fingers together or spread */
  open: (rng) => ({
    fingers: fanned(
      eachFinger(() => straight(rng)),
      rng.uniform(-0.5, 1.6),
    ),
    thumb: thumbOf(rng, { out: 7, aside: 2, opposed: 1 }),
  }),
  fist: (rng) => {
    const closed = rng.uniform(0.84, 1.03);
    return {
      fingers: eachFinger(() => curled(Math.min(1.05, closed + rng.normal(0, 0.03)))),
      thumb: thumbOf(rng, { across: 5, aside: 3, out: 2 }),
    };
  },
  /** every finger bent alike, from open to closed */
  curl: (rng) => {
    const curl = rng.uniform();
    const slope = rng.normal(0, 0.12);
    const fingers = eachFinger((f) => curled(Math.max(-0.05, curl + slope * (PLACE[f]! - 1.5) + rng.normal(0, 0.06))));
    return { fingers: fanned(fingers, (1 - curl) * rng.normal(0, 0.8)), thumb: thumbOf(rng, ANY_THUMB) };
  },
  /** any fingers up, the others down */
  counting: (rng) => {
    const up = [0.62, 0.55, 0.45, 0.5].map((share) => rng.uniform() < share);
    return raised(rng, up, thumbOf(rng, ANY_THUMB));
  },
  pointing: (rng) =>
    raised(rng, [true, false, false, false], thumbOf(rng, { across: 4, out: 2, aside: 2, opposed: 1 })),
  /** fist with the thumb out */
  thumbUp: (rng) => raised(rng, [false, false, false, false], THUMBS.out(rng)),
  /** tip of the thumb to a fingertip */
  pinch: (rng) => {
    const partner = rng.uniform() < 0.65 ? 0 : rng.integer(1, 3);
    const rest = rng.uniform() < 0.5 ? rng.uniform(-0.05, 0.25) : rng.uniform(0.2, 0.9);
    return {
      fingers: fanned(
        eachFinger((f) =>
          f === partner
            ? [rng.uniform(36, 62), rng.uniform(28, 64), rng.uniform(8, 38), 0]
            : curled(rest * rng.uniform(0.7, 1.1)),
        ),
        rng.uniform(-0.2, 0.9),
      ),
      thumb: THUMBS.opposed(rng),
    };
  },
  tripod: (rng) => ({
    fingers: eachFinger((f) =>
      PLACE[f]! < 2
        ? [rng.uniform(35, 60), rng.uniform(25, 60), rng.uniform(5, 35), rng.normal(0, 3)]
        : curled(rng.uniform(0.4, 0.9)),
    ),
    thumb: THUMBS.opposed(rng),
  }),
  /** around a handle */
  cylinder: (rng) => {
    const curl = rng.uniform(0.25, 0.85);
    return {
      fingers: eachFinger((f) => curled(curl + 0.03 * PLACE[f]! + rng.normal(0, 0.05), [66, 92, 55])),
      thumb: thumbOf(rng, { opposed: 3, across: 2 }),
    };
  },
  /** around a ball */
  sphere: (rng) => {
    const curl = rng.uniform(0.15, 0.6);
    return {
      fingers: fanned(
        eachFinger(() => curled(curl + rng.normal(0, 0.05), [50, 75, 55])),
        rng.uniform(0.4, 1.5),
      ),
      thumb: THUMBS.opposed(rng),
    };
  },
  /** knuckles straight, the rest bent */
  hook: (rng) => {
    const curl = rng.uniform(0.4, 1);
    return {
      fingers: eachFinger(() => [rng.uniform(-20, 16), 95 * curl + rng.normal(0, 5), 60 * curl + rng.normal(0, 5), 0]),
      thumb: thumbOf(rng, ANY_THUMB),
    };
  },
  /** knuckles bent, the rest straight */
  tableTop: (rng) => {
    const bend = rng.uniform(35, 86);
    return {
      fingers: eachFinger(() => [bend + rng.normal(0, 6), rng.uniform(-3, 25), rng.uniform(-5, 15), rng.normal(0, 2)]),
      thumb: thumbOf(rng, { opposed: 1, aside: 1 }),
    };
  },
  /** as if holding a key */
  key: (rng) => ({
    fingers: eachFinger((f) => curled(rng.uniform(0.5, 0.75) + 0.06 * PLACE[f]!, [65, 98, 50])),
    thumb: drawThumb(rng, [[18, 34], [-5, 12], [-15, 0], [5, 35], [0, 55]]), // prettier-ignore
  }),
  /** every joint on its own */
  anything: (rng) => ({
    fingers: eachFinger(() => [rng.uniform(-18, 85), rng.uniform(0, 100), rng.uniform(-2, 70), rng.uniform(-8, 8)]),
    thumb: drawThumb(rng, [[-12, 36], [-12, 36], [-42, 8], [-10, 52], [-15, 72]]), // prettier-ignore
  }),
} as const satisfies Record<string, Recipe>;

export type HandShapeName = keyof typeof HAND_SHAPES;
