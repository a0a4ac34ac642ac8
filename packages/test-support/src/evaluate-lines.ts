import { runInNewContext } from 'node:vm';

/** A line `expression; // → value` of an example, and both sides as JSON. */
export interface ExampleLine {
  readonly line: string;
  readonly actual: string;
  readonly expected: string;
}

/** JSON in which typed arrays are lists and numbers have twelve digits. */
function plain(value: unknown): string {
  const list = ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
  return JSON.stringify(list, (_key, item: unknown) =>
    typeof item === 'number' ? Number(item.toPrecision(12)) : item,
  );
}

/** Runs the code of an example with the given names in place of its imports. @returns its lines that promise a value */
export function evaluateLines(code: string, names: Readonly<Record<string, unknown>>): ExampleLine[] {
  const results: ExampleLine[] = [];
  const check = (line: string, actual: unknown, expected: unknown): void => {
    results.push({ line, actual: plain(actual), expected: plain(expected) });
  };
  const body = code
    .replace(/^import [^;]*;$/gm, '')
    .replace(
      /^(.+); \/\/ → (.+)$/gm,
      (line: string, actual: string, expected: string) => `check(${JSON.stringify(line)}, ${actual}, ${expected});`,
    );
  runInNewContext(body, { ...names, check });
  return results;
}
