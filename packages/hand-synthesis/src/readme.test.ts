import { readFileSync } from 'node:fs';
import { readmeExamples, runChecks } from '@opposable/test-support';

describe('the README', () => {
  const readme = new URL('../README.md', import.meta.url);

  it.each(readmeExamples(readme, 'ts'))('has an example that runs and gives what it says: %#', async (example) => {
    const checks = await runChecks(example, (specifier) => import(specifier));
    expect(checks.length).toBeGreaterThan(0);
    for (const { actual, expected } of checks) expect(actual).toEqual(expected);
  });

  it('names every export', async () => {
    const text = readFileSync(readme, 'utf8');
    const names = Object.keys(await import('./index.js'));
    expect(names.filter((name) => !text.includes(`\`${name}`))).toEqual([]);
  });
});
