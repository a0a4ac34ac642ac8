import { prepareModel } from '@opposable/skinning/host';
import { loadOpenHand, openHandJointFrames, openHandSurface } from '@opposable/open-hand';
import type { ManoModel } from '@opposable/mano-layer/conventions';

/** Side of a cell in metres. */
const CELL = 0.001;
const MARGIN = 0.002;
/** Creases across the inside of the fingers: half width, and reach from the joint, metres. */
const CREASE = 0.0011;
const REACH = 0.016;
/** Wrinkles on the back of the finger joints: half width of the field of lines, distance of the lines. */
const WRINKLES = { width: 0.006, period: 0.0022 } as const;
/** Lines of the palm, from → to in parts of the palm's length (towards the fingers) and width (towards the little finger). */
const PALM_LINES = [
  [0.86, 0.02, 0.5, 0.45, 0.05, 0.42],
  [0.8, 0.05, 0.66, 0.5, 0.5, 0.95],
  [0.98, 0.3, 0.82, 0.55, 0.84, 1],
] as const;
const PALM_LINE = 0.0012;
/** A nail's width over that of the vertices known to lie on it, its least length over its width, how deep it reaches, metres. */
const NAIL = { width: 1.05, aspect: 1.1, depth: 0.004 } as const;

/** What a place of the skin at rest is made of. */
export interface SkinVolume {
  readonly origin: readonly [number, number, number];
  readonly counts: readonly [number, number, number];
  /** cells per metre */
  readonly scale: number;
  /** [x, y, z] 0 … 255: depth of creases */
  readonly creases: Uint8Array;
  /** [x, y, z] 0 … 255: how much of a place is nail */
  readonly nails: Uint8Array;
}

const bump = (value: number): number => (Math.abs(value) < 1 ? (1 - value * value) ** 2 : 0);

/** Distance of (x, z) to a curve through three points, in the plane of the palm. */
function curveDistance(x: number, z: number, curve: readonly (readonly [number, number])[]): number {
  let least = Infinity;
  for (let i = 0; i + 1 < curve.length; i++) {
    const [ax, az] = curve[i]!;
    const [bx, bz] = curve[i + 1]!;
    const [dx, dz] = [bx - ax, bz - az];
    const t = Math.min(1, Math.max(0, ((x - ax) * dx + (z - az) * dz) / (dx * dx + dz * dz)));
    least = Math.min(least, Math.hypot(x - ax - t * dx, z - az - t * dz));
  }
  return least;
}

/** A quadratic Bézier through the plane, as twelve points. */
function sampleCurve(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const [[ax, az], [bx, bz], [cx, cz]] = points as [readonly [number, number], readonly [number, number], readonly [number, number]]; // prettier-ignore
  return Array.from({ length: 12 }, (_, i) => {
    const t = i / 11;
    const [p, q, r] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
    return [p * ax + q * bx + r * cx, p * az + q * bz + r * cz] as const;
  });
}

function bake(model: ManoModel): SkinVolume {
  const { vTemplate } = model;
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < vTemplate.length; i++) {
    const axis = (i % 3) as 0 | 1 | 2;
    low[axis] = Math.min(low[axis], vTemplate[i]! - MARGIN);
    high[axis] = Math.max(high[axis], vTemplate[i]! + MARGIN);
  }
  const counts = [0, 1, 2].map((axis) => Math.ceil((high[axis as 0] - low[axis as 0]) / CELL) + 1) as [number, number, number]; // prettier-ignore
  const creases = new Uint8Array(counts[0] * counts[1] * counts[2]);
  const joints = prepareModel(model).jointTemplate;
  const { axes } = openHandJointFrames('right');
  const nails = new Uint8Array(creases.length);
  const putInto = (cells: Uint8Array, x: number, y: number, z: number, depth: number): void => {
    const [i, j, k] = [
      Math.round((x - low[0]) / CELL),
      Math.round((y - low[1]) / CELL),
      Math.round((z - low[2]) / CELL),
    ];
    if (i < 0 || j < 0 || k < 0 || i >= counts[0] || j >= counts[1] || k >= counts[2]) return;
    const at = (i * counts[1] + j) * counts[2] + k;
    cells[at] = Math.max(cells[at]!, Math.min(255, 255 * depth));
  };
  const put = (x: number, y: number, z: number, depth: number): void => putInto(creases, x, y, z, depth);
  putNails(model, (x, y, z, depth) => putInto(nails, x, y, z, depth));
  // finger joints: only the cells around each
  const steps = Math.ceil(REACH / CELL);
  for (let joint = 1; joint < 16; joint++) {
    const isBase = (joint - 1) % 3 === 0;
    if (joint === 13) continue; // the base of the thumb lies deep in the palm
    const [dorsal, bone] = [3, 6].map((from) => axes.subarray(9 * (joint - 1) + from, 9 * (joint - 1) + from + 3)) as [Float32Array, Float32Array]; // prettier-ignore
    for (let a = -steps; a <= steps; a++) {
      for (let b = -steps; b <= steps; b++) {
        for (let c = -steps; c <= steps; c++) {
          const [dx, dy, dz] = [a * CELL, b * CELL, c * CELL];
          if (dx * dx + dy * dy + dz * dz > REACH * REACH) continue;
          const along = dx * bone[0]! + dy * bone[1]! + dz * bone[2]!;
          const up = dx * dorsal[0]! + dy * dorsal[1]! + dz * dorsal[2]!;
          let depth = 0;
          if (up < 0) {
            // the crease at the root of a finger lies in front of its knuckle
            const from = isBase ? along - 0.0155 : along;
            depth = Math.max(bump(from / CREASE), isBase ? 0 : 0.7 * bump((from + 0.0028) / CREASE));
          } else if (!isBase || Math.abs(along) < 0.004) {
            const field = bump(along / WRINKLES.width);
            depth = 0.6 * field * (0.5 + 0.5 * Math.cos((2 * Math.PI * along) / WRINKLES.period));
          }
          if (depth > 0) put(joints[3 * joint]! + dx, joints[3 * joint + 1]! + dy, joints[3 * joint + 2]! + dz, depth);
        }
      }
    }
  }
  // lines of the palm, in the frame wrist → middle knuckle and index → little knuckle
  const [wrist, index, middle, pinky] = [0, 1, 4, 7].map((joint) => [joints[3 * joint]!, joints[3 * joint + 2]!] as const); // prettier-ignore
  const place = (along: number, across: number): readonly [number, number] => {
    const [x, z] = [wrist![0] + along * (middle![0] - wrist![0]), wrist![1] + along * (middle![1] - wrist![1])];
    const [mx, mz] = [(index![0] + pinky![0]) / 2, (index![1] + pinky![1]) / 2];
    const half = across - 0.5;
    return [
      x + (mx - middle![0]) * along + 1.15 * half * (pinky![0] - index![0]),
      z + (mz - middle![1]) * along + 1.15 * half * (pinky![1] - index![1]),
    ];
  };
  const curves = PALM_LINES.map(([a, b, c, d, e, f]) => sampleCurve([place(a, b), place(c, d), place(e, f)]));
  for (let i = 0; i < counts[0]; i++) {
    const x = low[0] + i * CELL;
    if (x < joints[12]! - 0.01 || x > joints[0]!) continue;
    for (let k = 0; k < counts[2]; k++) {
      const z = low[2] + k * CELL;
      const depth = Math.max(...curves.map((curve) => bump(curveDistance(x, z, curve) / PALM_LINE)));
      if (depth === 0) continue;
      for (let y = low[1]; y < joints[1]!; y += CELL) put(x, y, z, 0.8 * depth);
    }
  }
  return { origin: low, counts, scale: 1 / CELL, creases, nails };
}

/** Nails with round corners, in the frames of the last joints: [across the finger, out of its back, along it]. */
function putNails({ vTemplate }: ManoModel, put: (x: number, y: number, z: number, depth: number) => void): void {
  const { nails } = openHandSurface();
  const { axes } = openHandJointFrames('right');
  for (let finger = 1; finger <= 5; finger++) {
    const frame = axes.subarray(9 * (3 * finger - 1), 9 * 3 * finger);
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    nails.forEach((own, v) => {
      if (own !== finger) return;
      for (let axis = 0; axis < 3; axis++) {
        const at = [0, 1, 2].reduce((sum, i) => sum + frame[3 * axis + i]! * vTemplate[3 * v + i]!, 0);
        low[axis] = Math.min(low[axis]!, at);
        high[axis] = Math.max(high[axis]!, at);
      }
    });
    const half = high.map((value, axis) => (value - low[axis]!) / 2);
    const width = NAIL.width * half[0]!;
    const length = Math.max(half[2]!, NAIL.aspect * width); // some have two rows of vertices only: on towards the tip
    const middle = [low[0]! + half[0]!, low[1]! + half[1]!, low[2]! + length];
    const step = CELL / 2;
    for (let a = -width; a <= width; a += step) {
      for (let c = -length; c <= length; c += step) {
        const edge = 1 - Math.hypot((a / width) ** 2, (c / length) ** 2); // a rounded rectangle: a⁴ + c⁴ ≤ 1
        if (edge <= 0) continue;
        for (let b = -half[1]! - NAIL.depth; b <= half[1]! + MARGIN; b += step) {
          const [x, y, z] = [0, 1, 2].map(
            (i) => frame[i]! * (middle[0]! + a) + frame[3 + i]! * (middle[1]! + b) + frame[6 + i]! * (middle[2]! + c),
          ) as [number, number, number];
          put(x, y, z, Math.min(1, 6 * edge));
        }
      }
    }
  }
}

let volume: SkinVolume | undefined;

/** Creases and nails of the open hand's skin, looked up by the place on the flat right hand; made once. */
export function skinVolume(): SkinVolume {
  return (volume ??= bake(loadOpenHand('right')));
}
