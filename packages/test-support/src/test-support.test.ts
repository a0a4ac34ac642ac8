import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { docstringExamples, evaluateLines, readmeExamples, runChecks, runReadmeExample } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'test-support-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string, text: string): URL => {
  writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, name));
};

it('finds the blocks of a language, and the docstrings of the sources', () => {
  const readme = file('README.md', 'a\n```ts\none;\n```\n```js\ntwo;\n```\n```ts\nthree;\n```\n');
  expect(readmeExamples(readme, 'ts')).toEqual(['one;\n', 'three;\n']);
  file('add.ts', '/**\n * Adds.\n *\n * @example\n * add(1, 2); // → 3\n */\n');
  file('add.test.ts', '/**\n * @example\n * no;\n */\n');
  const examples = docstringExamples(pathToFileURL(`${folder}/`));
  expect(examples).toEqual([{ name: 'add.ts 1', code: 'add(1, 2); // → 3\n' }]);
});

it('tells what a line gives and what it promises, also where they differ', async () => {
  const add = (a: number, b: number) => a + b;
  expect(evaluateLines("import { add } from 'x';\nadd(0.1, 0.2); // → 0.3\nadd(1, 1); // → 3\n", { add })).toEqual([
    { line: 'add(0.1, 0.2); // → 0.3', actual: '0.3', expected: '0.3' },
    { line: 'add(1, 1); // → 3', actual: '2', expected: '3' },
  ]);
  const checks = await runChecks("import { add } from 'x';\nadd(1, 1); // → 3", () => Promise.resolve({ add }));
  expect(checks).toEqual([{ actual: 2, expected: 3 }]);
  const readme = file('js.md', "```js\nimport * as x from 'x';\nconsole.log(x.add(1, 1)); // → 3\n```\n");
  expect(await runReadmeExample(readme, { x: { add } })).toEqual({ logged: ['2'], promised: ['3'] });
});
