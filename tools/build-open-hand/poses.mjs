/**
 * Natural poses, generated: curls with coupled joints, spread, opposition, grasps, pointing, counting, fists. Angles are
 * anatomical, in degrees from the flat hand, and become rotations
 * R = R(flexion axis, flex) · R(dorsal normal, swing) · R(bone, twist) of each joint.
 * Flexion is positive towards the palm; swing is positive towards the thumb (fingers) or away from the palm's plane
 * (thumb base); twist is positive about the bone, which points to the tip.
 */
import { multiply3, rotationAbout, rotationLog } from './vectors.mjs';
import { seededRandom } from './random.mjs';

const [INDEX, MIDDLE, PINKY, RING, THUMB] = [0, 1, 2, 3, 4];

/**
 * [min, max] of flex, swing, twist per joint 1–15, degrees. Active ranges of motion (e-hand.com, Normal Range of Motion
 * Reference Values: finger MCP 0–90 and up to 45 of hyperextension, PIP 0–100, DIP 0–80, thumb MCP −10–55, IP −15–80;
 * gpnotebook.com: 20 of swing); the thumb's base is measured from the flat hand; hinges get a little play.
 */
const FINGER_LIMITS = {
  [INDEX]: [[-25, 90], [-18, 22], [-8, 8]],
  [MIDDLE]: [[-25, 90], [-15, 15], [-8, 8]],
  [RING]: [[-25, 90], [-18, 12], [-10, 8]],
  [PINKY]: [[-25, 90], [-25, 18], [-15, 8]],
}; // prettier-ignore
const HINGES = [
  [[-5, 105], [-4, 4], [-4, 4]],
  [[-8, 80], [-4, 4], [-4, 4]],
]; // prettier-ignore
const THUMB_LIMITS = [
  [[-15, 40], [-15, 40], [-45, 12]],
  [[-12, 58], [-8, 8], [-12, 8]],
  [[-18, 80], [-5, 5], [-5, 5]],
]; // prettier-ignore
export const JOINT_LIMITS = [INDEX, MIDDLE, PINKY, RING, THUMB].flatMap((finger) =>
  finger === THUMB ? THUMB_LIMITS : [FINGER_LIMITS[finger], ...HINGES],
);

const clamp = (x, [low, high]) => Math.max(low, Math.min(high, x));

/** Axis-angle numbers of 15 × 3 angles (degrees), given the joints' flexion axes, dorsal normals and bones. */
export function poseOfAngles(angles, { flexionAxes, normals, bones }) {
  const out = new Float64Array(45);
  for (let j = 0; j < 15; j++) {
    const [flex, swing, twist] = [0, 1, 2].map((k) => (angles[3 * j + k] * Math.PI) / 180);
    const turn = multiply3(
      rotationAbout(flexionAxes[j], flex),
      multiply3(rotationAbout(normals[j], swing), rotationAbout(bones[j], twist)),
    );
    out.set(rotationLog(turn), 3 * j);
  }
  return out;
}

const FINGERS = [INDEX, MIDDLE, RING, PINKY];

/** A pose as fingers: { [finger]: [mcp, pip, dip, swing] } and thumb: [flex, palmar, turn, mcp, ip]. */
function recipes(random) {
  const { between, normal, uniform, pick } = random;
  /** Curl 0–1 of one finger; the far joints follow the middle one. */
  const curled = (c, { mcp = 82, pip = 98, dip = 62 } = {}) => [mcp * c, pip * c, dip * c, 0];
  const spread = (fingers, amount) => {
    const fan = { [INDEX]: 10, [MIDDLE]: 1, [RING]: -7, [PINKY]: -13 };
    for (const f of FINGERS) fingers[f][3] += fan[f] * amount;
    return fingers;
  };
  const each = (make) => Object.fromEntries(FINGERS.map((f, i) => [f, make(f, i)]));
  const straight = () => [between(-12, 8), between(-2, 10), between(-3, 6), 0];
  const thumbOut = () => [between(-10, 8), between(-8, 15), between(-12, 5), between(-5, 15), between(-12, 15)];
  const thumbAcross = () => [between(18, 36), between(5, 28), between(-38, -15), between(15, 50), between(15, 65)];
  const thumbOpposed = () => [between(2, 26), between(15, 38), between(-42, -18), between(0, 35), between(0, 50)];
  const thumbAside = () => [between(14, 32), between(-10, 8), between(-15, 0), between(0, 30), between(-5, 40)];
  const anyThumb = () => pick([[thumbOut, 3], [thumbAcross, 2], [thumbOpposed, 3], [thumbAside, 2]])(); // prettier-ignore

  const relaxed = () => {
    const base = between(8, 35);
    return {
      fingers: each((_, i) => [base + 5 * i + normal(6), 22 + base * 0.7 + 3 * i + normal(9), 12 + base * 0.3 + normal(6), normal(2)]),
      thumb: [between(-2, 20), between(0, 25), between(-28, -4), between(2, 25), between(2, 35)],
    }; // prettier-ignore
  };
  const globalCurl = () => {
    const c = uniform();
    const slope = normal(0.12);
    const fingers = each((_, i) => curled(Math.max(0, c + slope * (i - 1.5) + normal(0.06))));
    return { fingers: spread(fingers, (1 - c) * normal(0.7)), thumb: uniform() < c ? thumbAcross() : anyThumb() };
  };
  const fist = () => ({
    fingers: each(() => curled(between(0.88, 1.04))),
    thumb: uniform() < 0.7 ? thumbAcross() : uniform() < 0.5 ? thumbAside() : thumbOut(),
  });
  const counting = () => {
    // Which fingers stand, as people count and sign: neighbours go together.
    const up = pick([
      [[INDEX, MIDDLE], 4],
      [[INDEX, MIDDLE, RING], 2.5],
      [[MIDDLE, RING, PINKY], 2.5],
      [[INDEX, MIDDLE, RING, PINKY], 2],
      [[RING, PINKY], 1],
      [[INDEX, PINKY], 1],
      [[INDEX], 2],
      [[PINKY], 1.5],
      [[], 1],
    ]);
    return {
      fingers: spread(
        each((f) => (up.includes(f) ? straight() : curled(between(0.7, 1)))),
        normal(0.5),
      ),
      thumb: anyThumb(),
    };
  };
  const pointing = () => {
    const up = pick([[INDEX, 6], [MIDDLE, 0.5], [PINKY, 1], [RING, 0.3]]); // prettier-ignore
    return {
      fingers: each((f) => (f === up ? straight() : curled(between(0.65, 1)))),
      thumb: pick([[thumbAcross, 3], [thumbOut, 2], [thumbAside, 2]])(), // prettier-ignore
    };
  };
  const openHand = () => ({
    fingers: spread(
      each(() => straight()),
      between(-0.6, 1.6),
    ),
    thumb: uniform() < 0.75 ? thumbOut() : anyThumb(),
  });
  const pinch = () => {
    const partner = pick([[INDEX, 5], [MIDDLE, 2], [RING, 1], [PINKY, 0.7]]); // prettier-ignore
    const rest = between(0, 0.9);
    return {
      fingers: each((f) =>
        f === partner
          ? [between(38, 62), between(30, 62), between(8, 38), normal(3)]
          : curled(rest * between(0.7, 1.1)),
      ),
      thumb: thumbOpposed(),
    };
  };
  const tripod = () => ({
    fingers: each((f, i) => (i < 2 ? [between(35, 60), between(25, 60), between(5, 35), normal(3)] : curled(between(0.4, 0.9)))),
    thumb: thumbOpposed(),
  }); // prettier-ignore
  const cylinder = () => {
    const c = between(0.25, 0.85);
    return {
      fingers: each((_, i) => curled(c + 0.03 * i + normal(0.05), { mcp: 66, pip: 92, dip: 55 })),
      thumb: uniform() < 0.6 ? thumbOpposed() : thumbAcross(),
    };
  };
  const sphere = () => {
    const c = between(0.15, 0.6);
    return { fingers: spread(each(() => curled(c + normal(0.05), { mcp: 50, pip: 75, dip: 55 })), between(0.4, 1.5)), thumb: thumbOpposed() }; // prettier-ignore
  };
  const hook = () => {
    const c = between(0.5, 1);
    return {
      fingers: each(() => [between(-22, 15), 95 * c + normal(5), 62 * c + normal(5), normal(2)]),
      thumb: anyThumb(),
    };
  };
  const tableTop = () => {
    const c = between(40, 88);
    return {
      fingers: each(() => [c + normal(6), between(-3, 25), between(-5, 15), normal(2)]),
      thumb: uniform() < 0.5 ? thumbOpposed() : thumbAside(),
    };
  };
  const keyGrip = () => ({
    fingers: each((_, i) => curled(between(0.5, 0.75) + 0.06 * i, { mcp: 65, pip: 100, dip: 50 })),
    thumb: [between(18, 34), between(-5, 12), between(-15, 0), between(5, 35), between(0, 55)],
  });
  const anything = () => ({
    fingers: each(() => [between(-20, 85), between(0, 100), between(-2, 70), between(-8, 8)]),
    thumb: [between(-12, 36), between(-12, 36), between(-42, 8), between(-10, 52), between(-15, 72)],
  });
  return [
    [relaxed, 12], [globalCurl, 18], [fist, 7], [counting, 13], [pointing, 10], [openHand, 10], [pinch, 9], [tripod, 5],
    [cylinder, 8], [sphere, 5], [hook, 6], [tableTop, 6], [keyGrip, 4], [anything, 8],
  ]; // prettier-ignore
}

/** One pose as 45 angles (degrees), within the limits. */
export function naturalAngles(random) {
  const { fingers, thumb } = random.pick(recipes(random))();
  const angles = new Array(45).fill(0);
  for (const f of FINGERS) {
    const [mcp, pip, dip, swing] = fingers[f];
    // A bent knuckle cannot swing, and it draws its finger towards the middle one.
    const free = 1 - 0.85 * clamp(mcp / 80, [0, 1]);
    const gather = { [INDEX]: -3, [MIDDLE]: 0, [RING]: 4, [PINKY]: 9 }[f] * clamp(mcp / 80, [0, 1]);
    const fingerAngles = [
      mcp, swing * free + gather + random.normal(2), random.normal(2),
      pip, random.normal(1), random.normal(1),
      dip, random.normal(1), random.normal(1),
    ]; // prettier-ignore
    fingerAngles.forEach((x, i) => (angles[9 * f + i] = x));
  }
  const [flex, palmar, turn, mcp, ip] = thumb;
  [flex, palmar, turn, mcp, random.normal(2), random.normal(3), ip, random.normal(1), random.normal(1)].forEach(
    (x, i) => (angles[36 + i] = x),
  );
  return angles.map((x, i) => clamp(x, JOINT_LIMITS[Math.floor(i / 3)][i % 3]));
}

/** `count` natural poses as axis-angle rows. */
export function naturalPoses(count, seed, frame) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => poseOfAngles(naturalAngles(random), frame));
}
