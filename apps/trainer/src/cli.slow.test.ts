import { BAD_HEATMAP_INPUT, makeHeatmapRun } from './test-support/bad-heatmap-input.js';
import { BAD_INPUT, wrongAnswers } from './test-support/bad-input.js';
import { listing, makeFolder, removeFolder } from './test-support/cli-fixture.js';

beforeAll(async () => {
  await makeFolder();
  await makeHeatmapRun();
}, 120_000);
afterAll(removeFolder);

describe('opposable', () => {
  it.each([
    ['all kinds of bad input', BAD_INPUT],
    ['bad input of heat maps and datasets', BAD_HEATMAP_INPUT],
  ])(
    'answers %s with one sentence and exit code 2, and leaves nothing behind',
    async (_, lines) => {
      const before = await listing();
      expect(await wrongAnswers(lines)).toEqual([]);
      expect(await listing()).toEqual(before);
    },
    900_000,
  );
});
