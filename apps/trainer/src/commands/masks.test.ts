import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { openPreparedDataset } from '@opposable/hand-datasets/node';
import { createProgram } from '../program.js';

let folder: string;
let hands: string;
let said: string;

const run = (...words: string[]) =>
  createProgram(new AbortController().signal).parseAsync(['node', 'opposable', ...words]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-masks-'));
  hands = join(folder, 'hands');
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => (said += String(text)) !== '');
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  await run('synthesize', '--out', hands, '--train', '4', '--test', '1', '--size', '96', '--workers', '0');
});
beforeEach(() => (said = ''));
afterAll(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

it('masks keeps what a dataset brings, replaces it when told, and draws what it made', async () => {
  const trueMask = (await (await openPreparedDataset(hands)).load('train', 0)).mask!;
  await run('masks', hands, '--workers', '0');
  expect(said).toMatch(/train: 0 masks made, 4 kept\ntest: 0 masks made, 1 kept\n$/);

  said = '';
  const sheets = join(folder, 'sheets');
  await run('masks', hands, '--workers', '0', '--replace-own', '--limit', '2', '--preset', 'narrow', '--out', sheets);
  expect(said).toMatch(/train: 2 masks made, 2 kept\ntest: 1 masks made, 0 kept\n/);
  expect(existsSync(join(sheets, 'train.png'))).toBe(true);
  const { mask } = await (await openPreparedDataset(hands)).load('train', 0);
  const same = mask!.data.filter((value, i) => value > 127 === trueMask.data[i]! > 127).length;
  expect(same / mask!.data.length).toBeGreaterThan(0.95);
  expect(mask!.data).not.toEqual(trueMask.data);

  said = '';
  await run('masks', hands, '--workers', '0', '--overwrite');
  expect(said).toMatch(/train: 2 masks made, 2 kept\ntest: 1 masks made, 0 kept\n$/);
});

it('masks names presets and folders that there are not', async () => {
  await expect(run('masks', hands, '--preset', 'wide')).rejects.toThrow(/Allowed choices are 3dhand, narrow/);
  await expect(run('masks', join(folder, 'nowhere'))).rejects.toThrow(/there is no folder .*nowhere/);
});
