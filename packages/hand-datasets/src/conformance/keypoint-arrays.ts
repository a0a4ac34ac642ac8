const JOINTS = 21;
const MAX_HANDS = 2000;
const MAX_DEPTH = 16;

/** Hands that stand at one place of a file. */
export interface KeypointArray {
  /** Keys that lead there, joined by dots; whole numbers are one `*`. Empty for the file's only value. */
  readonly path: string;
  readonly dimension: 2 | 3;
  /** [N, 21, dimension], at most the first 2000 hands. */
  readonly points: Float64Array;
  /** Hands in the file. */
  readonly hands: number;
}

interface Numbers {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

function isNumbers(value: object): value is Numbers {
  const { shape, data } = value as Partial<Numbers>;
  return Array.isArray(shape) && ArrayBuffer.isView(data) && !('format' in value);
}

function numbersOf(value: readonly unknown[]): Numbers | undefined {
  if (value.length > 0 && value.every((item) => typeof item === 'number')) {
    return { shape: [value.length], data: value };
  }
  const rows = value.map((item) => (Array.isArray(item) ? numbersOf(item) : undefined));
  const first = rows[0];
  if (first === undefined || rows.some((row) => row?.shape.join() !== first.shape.join())) return undefined;
  return { shape: [rows.length, ...first.shape], data: rows.flatMap((row) => Array.from(row!.data)) };
}

/** How hands stand in an array of this shape: numbers a point has, and the way from (hand, joint, number) to its place. */
function layoutOf(shape: readonly number[]) {
  const sizes = shape.filter((size) => size !== 1);
  const total = sizes.reduce((product, size) => product * size, 1);
  const [last = 0, before = 0] = [sizes.at(-1), sizes.at(-2)];
  const rowMajor = (dimension: number) => (hand: number, joint: number, k: number) =>
    (hand * JOINTS + joint) * dimension + k;
  const isOf = (dimension: number): dimension is 2 | 3 => dimension === 2 || dimension === 3;
  if (isOf(last) && (before === JOINTS || before === 2 * JOINTS)) {
    return { dimension: last, hands: total / last / JOINTS, at: rowMajor(last) };
  }
  if (last === 2 * JOINTS || last === 3 * JOINTS) {
    const dimension = last === 2 * JOINTS ? 2 : 3;
    return { dimension, hands: total / last, at: rowMajor(dimension) } as const;
  }
  // [dimension, 21, N], as MATLAB's tools have it, and [dimension, 21]
  const [first = 0, second = 0] = sizes;
  if (isOf(first) && second === JOINTS && sizes.length <= 3) {
    const hands = total / first / JOINTS;
    return {
      dimension: first,
      hands,
      at: (hand: number, joint: number, k: number) => (k * JOINTS + joint) * hands + hand,
    };
  }
  return undefined;
}

/**
 * The arrays in a file's contents that may be keypoints of hands: [N, 21, 2 | 3] with or without further axes, [N, 42, …] of
 * two hands, flat [N, 42] and [N, 63], and [2 | 3, 21, N].
 *
 * @param contents arrays `{ shape, data }`, nested lists, objects and maps of them, as files of any format are read
 * @returns one entry for each place, those of list after list put together
 */
export function keypointArrays(contents: unknown): KeypointArray[] {
  const places = new Map<string, { path: string; dimension: 2 | 3; points: number[]; hands: number }>();

  const add = (path: string, { shape, data }: Numbers): void => {
    const layout = layoutOf(shape);
    if (layout === undefined) return;
    const { dimension, hands, at } = layout;
    const key = `${path} ${dimension}`;
    const place = places.get(key) ?? { path, dimension, points: [], hands: 0 };
    places.set(key, place);
    const room = MAX_HANDS - Math.min(place.hands, MAX_HANDS);
    for (let hand = 0; hand < Math.min(hands, room); hand++) {
      for (let joint = 0; joint < JOINTS; joint++) {
        for (let k = 0; k < dimension; k++) place.points.push(Number(data[at(hand, joint, k)]));
      }
    }
    place.hands += hands;
  };

  const visit = (value: unknown, path: readonly string[], depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
    const name = path.join('.');
    if (Array.isArray(value)) {
      const numbers = numbersOf(value);
      if (numbers) add(name, numbers);
      else for (const item of value as unknown[]) visit(item, under(path, '0'), depth + 1);
    } else if (isNumbers(value)) {
      add(name, value);
    } else if (!ArrayBuffer.isView(value)) {
      const entries = value instanceof Map ? value.entries() : Object.entries(value);
      for (const [key, item] of entries) visit(item, under(path, String(key)), depth + 1);
    }
  };
  visit(contents, [], 0);
  return [...places.values()].map((place) => ({ ...place, points: Float64Array.from(place.points) }));
}

/** Whole numbers as keys are places of a list. */
function under(path: readonly string[], key: string): string[] {
  return [...path, /^\d+$/.test(key) ? '*' : key];
}
