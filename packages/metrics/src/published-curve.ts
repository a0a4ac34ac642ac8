import { FileFormatError } from '@opposable/tensor-checks';

/** A PCK curve from a text file. */
export interface PublishedCurve {
  readonly thresholds: readonly number[];
  readonly pck: readonly number[];
}

/**
 * Reads a curve in one of the forms in which the authors of 3dhand published theirs: one value per line, whose number from 0
 * is the threshold; or a threshold and its value in each line, apart by spaces, tabs, commas or semicolons. Further columns
 * are not read.
 *
 * @param text of the file
 * @param name of the file, for errors
 * @throws FileFormatError for a line without numbers, values outside 0 … 1, or thresholds that do not ascend
 *
 * @example
 * parsePublishedCurve('0.1\n0.4\n1', 'rgb').thresholds; // → [0, 1, 2]
 * parsePublishedCurve('20, 0.5\n25, 0.75', 'pso').pck; // → [0.5, 0.75]
 */
export function parsePublishedCurve(text: string, name: string): PublishedCurve {
  const fail = (line: number, expected: string, actual: string): never => {
    throw new FileFormatError(
      `parsePublishedCurve: expected ${expected} in line ${line + 1} of ${name}, got ${actual}.`,
      {
        expected,
        actual,
      },
    );
  };
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  const rows = lines.map((line, i) => {
    const numbers = line
      .split(/[\s,;]+/)
      .filter((part) => part !== '')
      .map(Number);
    const isPlain = numbers.length > 0 && numbers.every(Number.isFinite);
    return isPlain ? numbers : fail(i, 'a value, or a threshold and a value', `"${line.slice(0, 40)}"`);
  });
  const alone = rows.every((row) => row.length === 1);
  const thresholds = rows.map((row, i) => (alone ? i : row[0]!));
  const pck = rows.map((row, i) => row[alone ? 0 : 1] ?? fail(i, 'a threshold and a value', 'one number'));
  pck.forEach((value, i) => {
    if (!(value >= 0 && value <= 1)) fail(i, 'a value from 0 to 1', String(value));
    if (i > 0 && thresholds[i]! <= thresholds[i - 1]!)
      fail(i, `a threshold above ${thresholds[i - 1]}`, String(thresholds[i]));
  });
  if (rows.length < 2) fail(0, 'at least two lines', String(rows.length));
  return { thresholds, pck };
}
