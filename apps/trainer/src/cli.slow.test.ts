import { BAD_INPUT, wrongAnswers } from './test-support/bad-input.js';
import { listing, makeFolder, removeFolder } from './test-support/cli-fixture.js';

beforeAll(makeFolder, 60_000);
afterAll(removeFolder);

describe('opposable', () => {
  it('answers all kinds of bad input with one sentence and exit code 2, and leaves nothing behind', async () => {
    const before = await listing();
    expect(await wrongAnswers(BAD_INPUT)).toEqual([]);
    expect(await listing()).toEqual(before);
  }, 900_000);
});
