import * as keypointOrder from '@opposable/keypoint-order';
import { docstringExamples, type ExampleLine, evaluateLines, readmeExamples } from '@opposable/test-support';
import * as metrics from './index.js';

const names = { ...keypointOrder, ...metrics };
const docstrings = docstringExamples(new URL('.', import.meta.url));
const readme = new URL('../README.md', import.meta.url);

function expectPromised(lines: readonly ExampleLine[]): void {
  for (const { line, actual, expected } of lines) expect({ line, value: actual }).toEqual({ line, value: expected });
}

describe('examples', () => {
  it.each(docstrings)('of the docstring in $name give what they say', ({ code }) => {
    const lines = evaluateLines(code, names);
    expect(lines.length).toBeGreaterThan(0);
    expectPromised(lines);
  });

  it('of the README give what they say', () => {
    const lines = readmeExamples(readme, 'ts').flatMap((code) => evaluateLines(code, names));
    expect(lines.length).toBe(4);
    expectPromised(lines);
  });

  it('stand at every exported function that computes something', () => {
    expect(docstrings.length).toBeGreaterThan(15);
  });
});
