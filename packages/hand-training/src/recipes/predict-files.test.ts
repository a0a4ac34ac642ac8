import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { encodePng } from '@opposable/drawing';
import { readImage } from '@opposable/hand-datasets/node';
import { streamSyntheticHands } from '@opposable/hand-synthesis';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError, DatasetError } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { createRun } from '../run/hand-run.js';
import { loadRun, saveRun } from '../run/run-checkpoint.js';
import { largestDifference } from '../test-support/largest-difference.js';
import { predictFiles } from './predict-files.js';
import { predictHand } from './predict-hand.js';

let folder: string;
let checkpoint: string;
let images: string[];

beforeAll(async () => {
  await prepareBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'opposable-predict-'));
  checkpoint = join(folder, 'run');
  const run = createRun({ encoder: 'small', inputSize: 64 }, 1);
  await saveRun(checkpoint, run);
  run.dispose();
  await mkdir(join(folder, 'more'));
  images = [join(folder, 'a.png'), join(folder, 'more', 'a.png')];
  let i = 0;
  for (const { image } of streamSyntheticHands({ model: loadOpenHand('right'), seed: 2, count: 2, size: 80 })) {
    await writeFile(images[i++]!, encodePng(image));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function predict(paths: readonly string[], out: string, options: { side?: 'left' } = {}) {
  const [lines, warnings]: [string[], string[]] = [[], []];
  let error: Error | undefined;
  const how = {
    checkpoint,
    out,
    print: (line: string) => lines.push(line),
    warn: (line: string) => warnings.push(line),
  };
  await predictFiles(paths, { ...how, ...options }).catch((reason: Error) => (error = reason));
  return { lines, warnings, error, files: await readdir(out).catch(() => undefined) };
}

describe('predictFiles', () => {
  it('writes overlay, numbers and mesh of every image, with names that differ', async () => {
    const out = join(folder, 'both');
    const before = tf.memory().numTensors;
    const { lines, warnings, error, files } = await predict(images, out);
    expect(tf.memory().numTensors).toBe(before);
    expect([error, warnings]).toEqual([undefined, []]);
    const names = ['a', 'a-2'].flatMap((name) => ['glb', 'json', 'obj', 'png'].map((kind) => `${name}.${kind}`));
    expect(files!.sort()).toEqual(names.sort());
    expect(lines).toEqual([
      `${images[0]} → ${join(out, 'a')}.{png,json,obj,glb}`,
      `${images[1]} → ${join(out, 'a-2')}.{png,json,obj,glb}`,
    ]);

    const overlay = await readImage(join(out, 'a.png'));
    const photo = await readImage(images[0]!);
    expect([overlay.width, overlay.height]).toEqual([80, 80]);
    expect(Buffer.compare(overlay.data, photo.data)).not.toBe(0);

    const run = await loadRun(checkpoint);
    const expected = await predictHand(run.model, run.layer, photo);
    run.dispose();
    const json = JSON.parse(await readFile(join(out, 'a.json'), 'utf8')) as Record<string, unknown>;
    expect(json).toMatchObject({ image: 'a.png', side: 'right', keypoint_order: 'panoptic' });
    expect(largestDifference(json['hand_parameters_of_the_crop'] as number[], expected.handParameters)).toBeLessThan(
      1e-5,
    );
    expect(largestDifference((json['keypoints_pixels'] as number[][]).flat(), expected.keypoints)).toBeLessThan(1e-4);
    expect(largestDifference((json['keypoints_3d_metres'] as number[][]).flat(), expected.keypoints3d)).toBeLessThan(
      1e-6,
    );
    const obj = await readFile(join(out, 'a.obj'), 'utf8');
    expect(obj.match(/^v /gm)).toHaveLength(expected.vertices.length / 3);
    expect((await readFile(join(out, 'a.glb'))).subarray(0, 4).toString('latin1')).toBe('glTF');
  });

  it('names the images that cannot be used and goes on with the others', async () => {
    const paths = ['missing.png', 'empty.png', 'text.png', 'cut.png'].map((name) => join(folder, name));
    const [missing, empty, text, cut] = paths as [string, string, string, string];
    await writeFile(empty, '');
    await writeFile(text, 'no image');
    await writeFile(cut, (await readFile(images[0]!)).subarray(0, 2000));
    const out = join(folder, 'some');
    const { lines, warnings, error, files } = await predict([missing, empty, images[0]!, text, cut], out);
    expect(files!.sort()).toEqual(['a.glb', 'a.json', 'a.obj', 'a.png']);
    expect(lines).toHaveLength(1);
    expect(warnings).toHaveLength(4);
    for (const [i, path] of paths.entries()) {
      expect(warnings[i]).toMatch(/^readImage: [^\n]+\.$/);
      expect(warnings[i]).toContain(path);
    }
    expect(error).toBeInstanceOf(DatasetError);
    expect(error!.message).toBe(`predict: 4 of 5 images could not be used: ${paths.join(', ')}.`);
  });

  it('gives the reason itself for a single image, and writes nothing', async () => {
    const { warnings, error, files } = await predict([join(folder, 'nothing.jpg')], join(folder, 'none'));
    expect(error!.message).toMatch(/nothing\.jpg cannot be read \(there is no such file\); accepted are JPEG, /);
    expect(warnings).toEqual([]);
    expect(files).toBeUndefined();
  });

  it('writes left hands as left', async () => {
    const out = join(folder, 'left');
    const { error } = await predict([images[0]!], out, { side: 'left' });
    expect(error).toBeUndefined();
    expect(JSON.parse(await readFile(join(out, 'a.json'), 'utf8'))).toMatchObject({ side: 'left' });
  });

  it('refuses to do nothing, and a run that is not there, before it writes', async () => {
    const out = join(folder, 'never');
    expect((await predict([], out)).error).toBeInstanceOf(ConfigError);
    const how = { checkpoint: join(folder, 'no-run'), out, print: () => undefined, warn: () => undefined };
    await expect(predictFiles(images, how)).rejects.toThrow(/expected a checkpoint folder at .*no-run, found none/);
    expect(await readdir(out).catch(() => 'nothing')).toBe('nothing');
  });

  it('stops when it is told to', async () => {
    const how = { checkpoint, out: join(folder, 'stopped'), print: () => undefined, warn: () => undefined };
    await expect(predictFiles(images, { ...how, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(await readdir(join(folder, 'stopped')).catch(() => 'nothing')).toBe('nothing');
  });
});
