import { readdirSync, readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import * as keypointOrder from './index.js';

/** Runs the code; every line `expression; // → value` is collected. */
function collect(code: string): { line: string; actual: unknown; expected: unknown }[] {
  const results: { line: string; actual: unknown; expected: unknown }[] = [];
  const check = (line: string, actual: unknown, expected: unknown): void => {
    results.push({ line, actual: JSON.stringify(actual), expected: JSON.stringify(expected) });
  };
  const lines = code
    .replace(/^import [^;]*;$/gm, '')
    .replace(
      /^(.+); \/\/ → (.+)$/gm,
      (line, actual, expected) => `check(${JSON.stringify(line)}, ${actual}, ${expected});`,
    );
  runInNewContext(lines, { ...keypointOrder, check });
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
    expect(results.length).toBeGreaterThan(5);
    for (const { line, actual, expected } of results)
      expect({ line, value: actual }).toEqual({ line, value: expected });
  });

  it('have a README whose table lists every order with all its aliases', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replace(/ +/g, ' ');
    for (const { name, aliases } of Object.values(keypointOrder.KEYPOINT_ORDERS)) {
      expect(readme).toMatch(
        new RegExp(`^\\| \`${name}\` \\| .* \\| ${aliases.join(', ').replaceAll('.', '\\.')} \\|$`, 'm'),
      );
    }
  });

  it('stand at every exported function that computes something', () => {
    expect(docstrings.length).toBeGreaterThan(15);
  });
});
