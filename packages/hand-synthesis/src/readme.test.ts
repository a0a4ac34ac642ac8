import { readFileSync } from 'node:fs';

type Load = (specifier: string) => Promise<unknown>;
const AsyncFunction = (async () => {}).constructor as new (
  ...parameters: string[]
) => (load: Load, check: (actual: unknown, expected: unknown) => void) => Promise<void>;

describe('the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]!);

  it.each(examples)('has an example that runs and gives what it says: %#', async (example) => {
    const code = example
      .replace(/import (\{[^}]*\}) from ('[^']*');/g, 'const $1 = await load($2);')
      .replace(/^(.*?);? \/\/ → (.*)$/gm, 'check($1, $2);');
    expect(code).toContain('check(');
    await new AsyncFunction('load', 'check', code)(
      (specifier) => import(specifier),
      (actual, expected) => {
        expect(actual).toEqual(expected);
      },
    );
  });

  it('names every export', async () => {
    const names = Object.keys(await import('./index.js'));
    expect(names.filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
  });
});
