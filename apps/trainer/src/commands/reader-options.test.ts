import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgram } from '../program.js';
import { readerOptionFlag } from '../reader-options.js';

/** What `opposable …` throws, in this process. */
async function errorOf(words: readonly string[]): Promise<string> {
  const program = createProgram(new AbortController().signal);
  program.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const command of program.commands) command.configureOutput({ writeErr: () => undefined });
  return program.parseAsync(['node', 'opposable', ...words]).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
}

describe('--reader-option', () => {
  it('takes words, numbers, truth values and lists as YAML has them', () => {
    const parse = readerOptionFlag().parseArg as unknown as (text: string, before: unknown) => Record<string, unknown>;
    const words = ['split=test', 'seed=7', 'strict=true', 'cameras=[bb-left, sk-color]', 'images=a=b.json'];
    expect(words.reduce<Record<string, unknown> | undefined>((all, word) => parse(word, all), undefined)).toEqual({
      split: 'test',
      seed: 7,
      strict: true,
      cameras: ['bb-left', 'sk-color'],
      images: 'a=b.json',
    });
    for (const wrong of ['split', '=test', '../x=1', '9a=1'])
      expect(() => parse(wrong, undefined)).toThrow(/key=value/);
    expect(() => parse('split=test', { split: 'train' })).toThrow(/every option once, got split again/);
    expect(() => parse('cameras=[bb', undefined)).toThrow(/the value of cameras as YAML/);
  });

  it('reaches the reader, which says what it accepts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reader-options-'));
    await mkdir(join(folder, 'labels'));
    await writeFile(join(folder, 'labels', 'B1Counting_BB.mat'), '');
    const fit = ['fit', folder, '--reader', 'stb', '--backend', 'cpu', '--out', join(folder, 'out')];
    const option = (text: string) => errorOf([...fit, '--reader-option', text]);
    expect(await option('splt=test')).toMatch(/readers\['stb'\]: Unrecognized key: "splt"; accepted options are split/);
    expect(await option('split=tset')).toMatch(/option split: Invalid option: expected one of "train"\|"val"\|"test"/);
    expect(await option('cameras=[left]')).toMatch(/option cameras\.0: Invalid option: expected one of "bb-left"/);
    expect(await option('split=val')).toMatch(/expected the protocol 'validation' with the split 'val'/);
    await rm(folder, { recursive: true });
  });
});
