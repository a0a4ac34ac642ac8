import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { FileFormatError } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { createRun } from '../../run/hand-run.js';
import { saveRun } from '../../run/run-checkpoint.js';
import { predictFiles, type PredictFilesOptions } from '../predict-files.js';
import { readHandHints } from './hand-hints.js';

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);

beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-predict-'));
  await synthesizeDataset({ out: at('data'), seed: 3, train: 1, test: 2, size: 64, workers: 0 });
  await mkdir(at('photos', 'inside'), { recursive: true });
  await copyFile(at('data', 'images', 'test', '00000000.jpg'), at('photos', 'b.jpg'));
  await copyFile(at('data', 'images', 'test', '00000001.jpg'), at('photos', 'a.jpg'));
  await writeFile(at('photos', 'notes.txt'), 'no image');
  const run = createRun({ encoder: 'small', inputSize: 64 }, 1);
  await saveRun(at('run'), run);
  run.dispose();
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function predicted(out: string, paths: string[], options: Partial<PredictFilesOptions> = {}) {
  const lines: string[] = [];
  const sinks = { print: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  await predictFiles(paths, { checkpoint: at('run'), out: at(out), ...sinks, ...options });
  const files = (await readdir(at(out))).sort();
  type Written = { side: string; crop: { x: number; width: number } };
  const texts = files.filter((name) => name.endsWith('.json')).map((name) => readFile(at(out, name), 'utf8'));
  const json = (await Promise.all(texts)).map((text) => JSON.parse(text) as Written);
  return { lines, files, json };
}

describe('predictFiles', () => {
  it('takes the images of a folder by name, and writes the meshes that were asked for', async () => {
    const { files, lines } = await predicted('from-folder', [at('photos')], { meshes: ['ply'] });
    expect(files).toEqual(['a.json', 'a.ply', 'a.png', 'b.json', 'b.ply', 'b.png']);
    expect(lines[0]).toBe(`${at('photos', 'a.jpg')} → ${at('from-folder', 'a')}.{png,json,ply}`);
    expect((await readFile(at('from-folder', 'a.ply'))).subarray(0, 3).toString()).toBe('ply');
    expect((await predicted('bare', [at('photos', 'a.jpg')], { meshes: [] })).files).toEqual(['a.json', 'a.png']);
  }, 60_000);

  it('takes a split of a prepared dataset, whose images are the crops', async () => {
    const { files, json } = await predicted('from-data', [at('data')], { meshes: [] });
    expect(files).toEqual(['test-00000000.json', 'test-00000000.png', 'test-00000001.json', 'test-00000001.png']);
    expect(json[0]!.crop).toMatchObject({ x: 0, width: 64 });
    await expect(predicted('none', [at('data')], { split: 'dev' })).rejects.toThrow('expected one of the splits');
  }, 60_000);

  it('takes box, keypoints and side of each file from a list', async () => {
    const keypoints = [[30, 40], [20, 25], [0, 0], [29, 34]]; // prettier-ignore
    await writeFile(at('hands.json'), JSON.stringify({ 'a.jpg': { keypoints, side: 'left' }, [at('photos', 'b.jpg')]: [20, 25, 11, 16] })); // prettier-ignore
    const { json } = await predicted('hinted', [at('photos')], { hands: at('hands.json'), meshes: [] });
    expect(json.map(({ side }) => side)).toEqual(['left', 'right']);
    expect(json[0]!.crop).toEqual(json[1]!.crop); // the box of the keypoints that were found is the other's box
    expect(json[0]!.crop.width).toBeLessThan(64);
  }, 60_000);

  it('says so where a folder holds no image', async () => {
    await expect(predicted('none', [at('photos', 'inside')])).rejects.toThrow(
      `predict: expected image files or a prepared dataset in ${at('photos', 'inside')}, found none.`,
    );
    expect(await readdir(folder)).not.toContain('none');
  });
});

describe('readHandHints', () => {
  const hints = async (name: string, text: string) => {
    await writeFile(at(name), text);
    return readHandHints(at(name));
  };

  it('reads JSON and CSV alike', async () => {
    const box = [1, 2, 30, 40];
    const csv = await hints('boxes.csv', 'file,x,y,width,height,side\na.jpg,1,2,30,40,left\nb.jpg, 1, 2, 30, 40,\n');
    const json = await hints('boxes.json', JSON.stringify({ 'a.jpg': { box, side: 'left' }, 'b.jpg': box }));
    expect([...csv]).toEqual([...json]);
    expect(csv.get('a.jpg')).toEqual({ box, side: 'left' });
  });

  // prettier-ignore
  it.each([
    ['a.json', '[1]', 'an object with file names as keys, got [1].'],
    ['a.json', '{', 'expected JSON, got "{".'],
    ['a.json', '{"a.jpg": [1, 2, 0, 4]}', 'a.json, a.jpg: expected a box with a positive size, got [1,2,0,4].'],
    ['a.json', '{"a.jpg": "here"}', 'expected a box [x, y, width, height], keypoints'],
    ['a.json', '{"a.jpg": {"boks": [1, 2, 3, 4]}}', 'expected the keys box, keypoints and side, got ["boks"].'],
    ['a.json', '{"a.jpg": {"side": "both"}}', 'expected side "left" or "right", got "both".'],
    ['a.csv', 'name,x\n', 'a.csv, line 1: expected the columns file, x, y, width, height and perhaps side'],
    ['a.csv', 'file,x,y,width,height\na.jpg,1,2,,4\n', 'a.csv, line 2: expected four numbers'],
  ])('refuses %s with %s', async (name, text, message) => {
    await expect(hints(name, text)).rejects.toThrow(FileFormatError);
    await expect(hints(name, text)).rejects.toThrow(message);
  });
});
