import { AsyncFunction } from './async-function.js';
import { readmeExamples } from './readme-examples.js';

/**
 * Runs the first `js` block of a README with the given modules in place of its imports.
 *
 * @returns what the block logs, and what its comments `// →` promise, line by line
 */
export async function runReadmeExample(
  readme: URL,
  modules: Readonly<Record<string, unknown>>,
): Promise<{ logged: string[]; promised: string[] }> {
  const [block] = readmeExamples(readme, 'js');
  if (block === undefined) throw new Error(`${readme.pathname} has no js block`);
  const body = block
    .replace(/^import '(.+)';.*$/gm, '')
    .replace(/^import \* as (\w+) from '(.+)';$/gm, 'const $1 = modules["$2"];')
    .replace(/^import (\{.+\}) from '(.+)';$/gm, 'const $1 = modules["$2"];');
  const logged: string[] = [];
  const log = (...values: unknown[]) => logged.push(values.map((value) => JSON.stringify(value)).join(' '));
  await new AsyncFunction('modules', 'console', body)(modules, { log });
  return { logged, promised: [...block.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1]!) };
}
