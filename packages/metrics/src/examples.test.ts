import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import * as keypointOrder from '@opposable/keypoint-order';
import * as metrics from './index.js';

/** Runs the code; every line `expression; // → value` is collected. */
function collect(code: string): { line: string; actual: unknown; expected: unknown }[] {
  const results: { line: string; actual: unknown; expected: unknown }[] = [];
  const plain = (value: unknown): string =>
    JSON.stringify(ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value, (_key, item: unknown) =>
      typeof item === 'number' ? Number(item.toPrecision(12)) : item,
    );
  const check = (line: string, actual: unknown, expected: unknown): void => {
    results.push({ line, actual: plain(actual), expected: plain(expected) });
  };
  const lines = code
    .replace(/^import [^;]*;$/gm, '')
    .replace(
      /^(.+); \/\/ → (.+)$/gm,
      (line, actual, expected) => `check(${JSON.stringify(line)}, ${actual}, ${expected});`,
    );
  runInNewContext(lines, { ...keypointOrder, ...metrics, check });
  return results;
}

const source = new URL('.', import.meta.url);
const docstrings = readdirSync(source)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .flatMap((file) => {
    const text = readFileSync(new URL(file, source), 'utf8');
    return [...text.matchAll(/^ \* @example\n((?: \*.*\n)+?)(?: \*\/| \* @)/gm)].map((match, i) => ({
      name: `${file} ${i + 1}`,
      code: match[1]!.replace(/^ \* ?/gm, ''),
    }));
  });

describe('examples', () => {
  it.each(docstrings)('of the docstring in $name give what they say', ({ code }) => {
    const results = collect(code);
    expect(results.length).toBeGreaterThan(0);
    for (const { line, actual, expected } of results)
      expect({ line, value: actual }).toEqual({ line, value: expected });
  });

  it('of the README give what they say', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const results = [...readme.matchAll(/```ts\n([^`]*)```/g)].flatMap((match) => collect(match[1]!));
    expect(results.length).toBe(4);
    for (const { line, actual, expected } of results)
      expect({ line, value: actual }).toEqual({ line, value: expected });
  });

  it('stand at every exported function that computes something', () => {
    expect(docstrings.length).toBeGreaterThan(15);
  });
});
