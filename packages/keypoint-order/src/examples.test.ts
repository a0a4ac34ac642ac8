import { readFileSync } from 'node:fs';
import { docstringExamples, type ExampleLine, evaluateLines, readmeExamples } from '@opposable/test-support';
import * as keypointOrder from './index.js';

const docstrings = docstringExamples(new URL('.', import.meta.url));
const readme = new URL('../README.md', import.meta.url);

function expectPromised(lines: readonly ExampleLine[]): void {
  for (const { line, actual, expected } of lines) expect({ line, value: actual }).toEqual({ line, value: expected });
}

describe('examples', () => {
  it.each(docstrings)('of the docstring in $name give what they say', ({ code }) => {
    const lines = evaluateLines(code, keypointOrder);
    expect(lines.length).toBeGreaterThan(0);
    expectPromised(lines);
  });

  it('of the README give what they say', () => {
    const lines = readmeExamples(readme, 'ts').flatMap((code) => evaluateLines(code, keypointOrder));
    expect(lines.length).toBeGreaterThan(5);
    expectPromised(lines);
  });

  it('have a README whose table lists every order with all its aliases', () => {
    const text = readFileSync(readme, 'utf8').replace(/ +/g, ' ');
    for (const { name, aliases } of Object.values(keypointOrder.KEYPOINT_ORDERS)) {
      expect(text).toMatch(
        new RegExp(`^\\| \`${name}\` \\| .* \\| ${aliases.join(', ').replaceAll('.', '\\.')} \\|$`, 'm'),
      );
    }
  });

  it('stand at every exported function that computes something', () => {
    expect(docstrings.length).toBeGreaterThan(15);
  });
});
