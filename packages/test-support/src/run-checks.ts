import { AsyncFunction } from './async-function.js';

/**
 * Runs code whose lines `expression; // → value` say what they give.
 *
 * @param load `(specifier) => import(specifier)` of the test, so that imports resolve as the package's own do
 * @returns what those lines give and what they promise
 */
export async function runChecks(
  code: string,
  load: (specifier: string) => Promise<unknown>,
): Promise<{ actual: unknown; expected: unknown }[]> {
  const found: { actual: unknown; expected: unknown }[] = [];
  const check = (actual: unknown, expected: unknown) => found.push({ actual, expected });
  const body = code
    .replace(/import (\{[^}]*\}) from ('[^']*');/g, 'const $1 = await load($2);')
    .replace(/ as const;/g, ';')
    .replace(/^(.*?);? \/\/ → (.*)$/gm, 'check($1, $2);');
  await new AsyncFunction('load', 'check', body)(load, check);
  return found;
}
