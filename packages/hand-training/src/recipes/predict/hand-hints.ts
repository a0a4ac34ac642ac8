import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Side } from '@opposable/mano-layer';
import { FileFormatError } from '@opposable/tensor-checks';

/** What is known of the hand in one image before it is looked at. */
export interface HandHint {
  /** x, y, width, height in pixels */
  readonly box?: readonly [number, number, number, number];
  readonly side?: Side;
}

const FORMS = 'a box [x, y, width, height], keypoints [[x, y], …], or an object with box or keypoints and side';

function fail(where: string, expected: string, actual: unknown): never {
  throw new FileFormatError(`${where}: expected ${expected}, got ${JSON.stringify(actual)?.slice(0, 60)}.`, {
    expected,
    actual,
  });
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isFinite(item));

/** Keypoints of any number and order: their box needs neither. Points at (0, 0) are those that a detector did not find. */
function boxOfKeypoints(points: readonly (readonly number[])[], where: string): HandHint['box'] {
  const found = points.filter((point) => point[0] !== 0 || point[1] !== 0);
  if (found.length < 2) fail(where, 'at least two keypoints', points);
  const [xs, ys] = [0, 1].map((axis) => found.map((point) => point[axis]!)) as [number[], number[]];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, Math.max(...xs) - x + 1, Math.max(...ys) - y + 1];
}

function checkedSide(side: unknown, where: string): Side {
  return side === 'left' || side === 'right' ? side : fail(where, 'side "left" or "right"', side);
}

function boxOf(value: unknown, where: string): HandHint['box'] {
  if (isNumbers(value) && value.length === 4) {
    if (!(value[2]! > 0 && value[3]! > 0)) fail(where, 'a box with a positive size', value);
    return value as unknown as HandHint['box'];
  }
  const isPoints = Array.isArray(value) && value.every((point) => isNumbers(point) && point.length >= 2);
  return isPoints ? boxOfKeypoints(value as number[][], where) : fail(where, FORMS, value);
}

function hintOf(value: unknown, where: string): HandHint {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { box: boxOf(value, where)! };
  const { box, keypoints, side, ...rest } = value as Record<string, unknown>;
  const unknown = Object.keys(rest);
  if (unknown.length > 0) fail(where, 'the keys box, keypoints and side', unknown);
  const given = box ?? keypoints;
  return {
    ...(given === undefined ? {} : { box: boxOf(given, where)! }),
    ...(side === undefined ? {} : { side: checkedSide(side, where) }),
  };
}

function parseCsv(text: string, path: string): Map<string, HandHint> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const header =
    lines
      .shift()
      ?.split(',')
      .map((name) => name.trim()) ?? [];
  const columns = ['file', 'x', 'y', 'width', 'height'].map((name) => header.indexOf(name));
  const side = header.indexOf('side');
  if (columns.includes(-1)) fail(`${path}, line 1`, 'the columns file, x, y, width, height and perhaps side', header);
  return new Map(
    lines.map((line, i) => {
      const cells = line.split(',').map((cell) => cell.trim());
      const where = `${path}, line ${i + 2}`;
      const numbers = columns.slice(1).map((column) => (cells[column] ? Number(cells[column]) : NaN));
      if (!isNumbers(numbers)) fail(where, 'four numbers', line);
      const hint: HandHint = {
        box: boxOf(numbers, where)!,
        ...(cells[side] ? { side: checkedSide(cells[side], where) } : {}),
      };
      return [cells[columns[0]!]!, hint] as const;
    }),
  );
}

/**
 * Reads what is known of the hands, file by file. JSON: an object whose keys are file names and whose values are a box, a
 * list of keypoints, or `{ box | keypoints, side }`. CSV (by the file's name): columns file, x, y, width, height, side.
 *
 * @throws FileFormatError for a file that cannot be read or an entry of another form
 */
export async function readHandHints(path: string): Promise<Map<string, HandHint>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    fail(path, 'a JSON or CSV file that can be read', error.code),
  );
  if (extname(path).toLowerCase() === '.csv') return parseCsv(text, path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail(path, 'JSON', text.slice(0, 20));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail(path, 'an object with file names as keys', value);
  }
  return new Map(Object.entries(value).map(([name, hint]) => [name, hintOf(hint, `${path}, ${name}`)]));
}
