import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BAD_INPUT, wrongAnswers } from './test-support/bad-input.js';
import {
  answers,
  folder,
  listing,
  makeFolder,
  modulesOf,
  opposable,
  removeFolder,
} from './test-support/cli-fixture.js';

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  demo: ['--out', '--short', '--seed', '--replicas', '--backend'],
  synthesize: [
    '--out',
    '--config',
    '--count',
    '--train',
    '--test',
    '--size',
    '--seed',
    '--preset',
    '--depth',
    '--workers',
    '--overwrite',
  ],
  'color-meshes': ['<scans>', '<registered>', '<out>'],
  pretrain: [
    '<config>',
    '--root',
    '--checkpoint',
    '--out',
    '--iterations',
    '--replicas',
    '--resume',
    '--overwrite',
    '--backend',
  ],
  train: [
    '<config>',
    '--root',
    '--checkpoint',
    '--out',
    '--iterations',
    '--replicas',
    '--resume',
    '--overwrite',
    '--backend',
  ],
  evaluate: ['[run...]', '--data', '--out', '--split', '--reader', '--rows', '--baseline', '--protocol', '--published', '--submission', '--score', '--xyz', '--verts', '--backend'], // prettier-ignore
  predict: ['<image...>', '--checkpoint', '--out', '--box', '--hands', '--split', '--meshes', '--side', '--backend'],
  export: [
    '<model>',
    '<out>',
    '--betas',
    '--pose',
    '--axis-angle',
    '--orient',
    '--transl',
    '--side',
    '--frame',
    '--ascii',
    '--with-mesh',
    '--keep-batch-norm',
  ],
  fit: ['<root>', '--reader', '--out', '--coefficients', '--rows', '--iterations', '--backend'],
  inspect: ['<file>', '--json', '--members'],
  'inspect-order': ['<file>', '--field', '--hands', '--json'],
  masks: ['<dataset>', '--preset', '--overwrite', '--replace-own', '--restart', '--workers', '--limit', '--out'],
  mm2px: ['<root>', '--out', '--cameras', '--root'],
  convert: ['<in>', '<out>', '--dtype', '--compress', '--drop'],
};

beforeAll(makeFolder, 60_000);
afterAll(removeFolder);

describe('opposable', () => {
  it('prints its commands and ends with 2 when no command is given, with 0 when asked for help', async () => {
    const [alone, help] = await Promise.all([opposable(), opposable('--help')]);
    expect([alone.code, alone.stdout]).toEqual([2, '']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(alone.stderr).toBe(help.stdout);
    for (const command of Object.keys(COMMANDS)) expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it('says its version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await opposable('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['--help', '--version', 'train --help', 'train --nonsense'])('loads no library for %s', async (line) => {
    const modules = await modulesOf(...line.split(' '));
    const installed = modules.map((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
    expect([...new Set(installed.filter((name) => name !== undefined))].sort()).toEqual(['commander', 'pure-rand']);
    expect(modules.length).toBeGreaterThan(Object.keys(COMMANDS).length);
    expect(modules.length).toBeLessThan(80);
  });

  it('names the options of every command', async () => {
    const commands = Object.entries(COMMANDS);
    let next = 0;
    for await (const { code, stdout, stderr } of answers(commands.map(([command]) => `${command} --help`))) {
      const [command, options] = commands[next++]!;
      expect([command, code, stderr]).toEqual([command, 0, '']);
      for (const option of options) expect(stdout).toContain(option);
    }
    expect(next).toBe(commands.length);
  }, 60_000);

  it('trains, evaluates and predicts', async () => {
    expect(await listing()).toEqual(
      expect.arrayContaining([
        'run/checkpoint/weights.safetensors',
        'run/evaluation/hands.png',
        'run/evaluation/scores.json',
        'run/metrics-pretrain.jsonl',
      ]),
    );
    const evaluated = await opposable(...'evaluate run --data data --out scores'.split(' '));
    expect(evaluated).toMatchObject({ code: 0, stderr: '' });
    expect(evaluated.stdout).toMatch(/^hands +2$/m);
    const predicted = await opposable(...'predict good.jpg --checkpoint run --out hands --box 4,4,20,20'.split(' '));
    expect(predicted).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(join(folder, 'hands'))).sort()).toEqual(['good.glb', 'good.jpg', 'good.json', 'good.obj', 'good.png'].filter((name) => name !== 'good.jpg')); // prettier-ignore
    await Promise.all(['scores', 'hands'].map((name) => rm(join(folder, name), { recursive: true })));
  }, 60_000);

  it('replaces a dataset only when told to', async () => {
    const words = 'synthesize --out again --train 1 --test 0 --size 32 --workers 0'.split(' ');
    expect((await opposable(...words)).code).toBe(0);
    const refused = await opposable(...words);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/expected a folder that is new or empty/),
    ]);
    expect((await opposable(...words, '--overwrite')).code).toBe(0);
    await rm(join(folder, 'again'), { recursive: true });
  }, 60_000);

  it('answers bad input with one sentence and exit code 2, and leaves nothing behind', async () => {
    const before = await listing();
    // every kind of input once; cli.slow.test.ts has them all
    const kinds = ['learn', 'pretrain key.yaml', 'pretrain nan.yaml', 'pretrain numberless.yaml', 'train zero.yaml'];
    const files = [
      'predict empty.jpg',
      'inspect text.jpg',
      'convert run/metrics-pretrain.jsonl out.mat',
      'predict good.jpg --checkpoint none',
      'predict good.jpg --checkpoint run --out no --box 3,3,0',
    ];
    const chosen = BAD_INPUT.filter(([words]) =>
      [...kinds, ...files].some(
        (start) => words === start || words.startsWith(`${start} `) || words.startsWith(`${start},`),
      ),
    );
    expect(chosen.length).toBeGreaterThanOrEqual(8);
    expect(await wrongAnswers(chosen)).toEqual([]);
    expect(await listing()).toEqual(before);
  }, 60_000);

  it('goes on with the other images, and names those that it could not use', async () => {
    const { code, stdout, stderr } = await opposable(...'predict text.jpg good.jpg none.jpg --checkpoint run --out some'.split(' ')); // prettier-ignore
    expect(code).toBe(2);
    expect(stdout).toContain('good.jpg → ');
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('text.jpg cannot be read as an image');
    expect(lines[1]).toContain('none.jpg cannot be read');
    expect(lines[2]).toBe('predict: 2 of 3 images could not be used: text.jpg, none.jpg.');
    expect((await readdir(join(folder, 'some'))).sort()).toEqual(['good.glb', 'good.json', 'good.obj', 'good.png']);
    await rm(join(folder, 'some'), { recursive: true });
  }, 60_000);
});
