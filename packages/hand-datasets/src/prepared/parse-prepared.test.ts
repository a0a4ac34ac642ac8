import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng, DatasetError } from '@opposable/tensor-checks';
import { createPreparedDatasetWriter, openPreparedDataset } from '../node/index.js';
import { syntheticSample } from '../test-support/synthetic-sample.js';
import { parsePreparedInfo } from './parse-prepared-info.js';
import { parsePreparedSplit } from './parse-prepared-split.js';
import { checkPreparedSize, PREPARED_TEXT_LIMIT } from './prepared-text.js';

const SIZE = 32;
let folder: string;
let texts: { readonly info: string; readonly train: string };

/** What the tests change in the two kinds of files. */
interface Json {
  format: unknown;
  format_version: unknown;
  keypoint_order: string;
  splits: { train: { annotations: string; count: number } };
  images: { file_name: string; mask_file_name: string; depth_file_name?: string; width: number }[] | object;
  annotations: { sample_id: string; image_id: number; keypoints: unknown[]; side: string }[];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parse-prepared-'));
  const writer = await createPreparedDatasetWriter(join(folder, 'set'), { imageSize: SIZE, keypointOrder: 'panoptic' });
  const rng = createRng('parse prepared');
  for (let i = 0; i < 4; i++) {
    const sample = syntheticSample(rng.split(i), { width: SIZE, height: SIZE, id: `sample-${i}` });
    await writer.add('train', i === 2 ? { ...sample, mask: undefined, mano: undefined, camera: undefined } : sample);
  }
  await writer.close();
  const read = (name: string) => readFile(join(folder, 'set', name), 'utf8');
  texts = { info: await read('dataset.json'), train: await read('train.json') };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const parseBoth = ({ info, train }: typeof texts) => {
  const parsed = parsePreparedInfo(info);
  const { annotations: file, count } = parsed.splits['train']!;
  return parsePreparedSplit(train, { file, count, keypointOrder: parsed.keypoint_order });
};

const edited = (text: string, change: (json: Json) => void): string => {
  const json = JSON.parse(text) as Json;
  change(json);
  return JSON.stringify(json);
};

it('parsePreparedInfo and parsePreparedSplit give what openPreparedDataset gives, from text and from bytes', async () => {
  const dataset = await openPreparedDataset(join(folder, 'set'));
  expect(parsePreparedInfo(Buffer.from(texts.info))).toEqual(dataset.info);
  const split = parseBoth(texts);
  expect(split.count).toBe(4);
  for (let i = 0; i < 4; i++) {
    expect(split.annotation(i)).toEqual(dataset.annotation('train', i));
    expect(split.imageRecord(i)).toEqual(dataset.imageRecord('train', i));
  }
  expect(() => split.annotation(4)).toThrow('expected a sample of train.json from 0 to 3, got 4.');
  expect(() => split.imageRecord(0.5)).toThrow(/from 0 to 3, got 0\.5/);
});

describe('parsePreparedInfo and parsePreparedSplit refuse in the words of openPreparedDataset', () => {
  it.each<[what: string, words: RegExp, change: (texts: { info: string; train: string }) => object]>([
    ['no JSON', /train\.json is not JSON/, () => ({ train: '{"images":[' })],
    ['another format', /at format, expected "opposable-prepared-hands", got "coco"/, ({ info }) => ({ info: edited(info, (json) => (json.format = 'coco')) })],
    ['another version', /at format_version, expected 1, got 2/, ({ info }) => ({ info: edited(info, (json) => (json.format_version = 2)) })],
    ['an unknown order', /name one of the orders panoptic, mano, .* got "toes"/, ({ info }) => ({ info: edited(info, (json) => (json.keypoint_order = 'toes')) })],
    ['a split’s file outside', /inside the dataset at dataset\.json: splits\.train\.annotations, got "\.\.\/train\.json"/, ({ info }) => ({ info: edited(info, (json) => (json.splits.train.annotations = '../train.json')) })],
    ['an image outside', /inside the dataset at train\.json: images\[1\]\.file_name, got "images\/\.\.\/\.\.\/x\.jpg"/, ({ train }) => ({ train: edited(train, (json) => ((json.images as { file_name: string }[])[1]!.file_name = 'images/../../x.jpg')) })],
    ['a mask outside', /train\.json: images\[0\]\.mask_file_name, got "C:m\.png"/, ({ train }) => ({ train: edited(train, (json) => ((json.images as { mask_file_name: string }[])[0]!.mask_file_name = 'C:m.png')) })],
    ['a depth outside', /train\.json: images\[3\]\.depth_file_name, got "\/d\.png"/, ({ train }) => ({ train: edited(train, (json) => ((json.images as { depth_file_name: string }[])[3]!.depth_file_name = '/d.png')) })],
    ['too few keypoints', /at annotations\[2\]\.keypoints, expected 63 finite numbers, got 62/, ({ train }) => ({ train: edited(train, (json) => json.annotations[2]!.keypoints.pop()) })],
    ['NaN', /expected 63 finite numbers, got NaN or null at place 0/, ({ train }) => ({ train: train.replace(/"keypoints":\[[^,]*,/, '"keypoints":[NaN,') })],
    ['another side', /at annotations\[0\]\.side/, ({ train }) => ({ train: edited(train, (json) => (json.annotations[0]!.side = 'both')) })],
    ['a missing annotation', /expected 4 images and annotations in train\.json as dataset\.json says, got 4 and 3/, ({ train }) => ({ train: edited(train, (json) => json.annotations.pop()) })],
    ['another count', /expected 5 images and annotations in train\.json .* got 4 and 4/, ({ info }) => ({ info: edited(info, (json) => (json.splits.train.count = 5)) })],
    ['an id twice', /annotations\[3\]\.sample_id 'sample-0' is there a second time/, ({ train }) => ({ train: edited(train, (json) => (json.annotations[3]!.sample_id = 'sample-0')) })],
    ['another image', /annotations\[1\]\.image_id is 7, the image at its place is 1/, ({ train }) => ({ train: edited(train, (json) => (json.annotations[1]!.image_id = 7)) })],
  ])('%s', async (_, words, change) => {
    const changed = { ...texts, ...change(texts) };
    expect(changed).not.toEqual(texts);
    const messageOf = async (run: () => unknown): Promise<string> => {
      try {
        await run();
      } catch (error) {
        expect(error).toBeInstanceOf(DatasetError);
        return (error as Error).message;
      }
      throw new Error('nothing was refused');
    };
    const here = await messageOf(() => parseBoth(changed));
    expect(here).toMatch(words);
    await writeFile(join(folder, 'set', 'dataset.json'), changed.info);
    await writeFile(join(folder, 'set', 'train.json'), changed.train);
    const there = await messageOf(() => openPreparedDataset(join(folder, 'set')));
    const plain = (message: string) =>
      message.replace(/^\w+: /, '').replaceAll(`${join(folder, 'set')}/`, '').replace(/is not JSON.*/, 'is not JSON'); // prettier-ignore
    expect(plain(there)).toBe(plain(here));
  });
}); // prettier-ignore

describe('parsePreparedSplit', () => {
  const options = { file: 'train.json', count: 1, keypointOrder: 'mano' };

  it('refuses JSON of something else', () => {
    expect(() => parsePreparedSplit('[]', options)).toThrow(/train\.json .*at its top level, expected an object/);
    expect(() => parsePreparedSplit('null', options)).toThrow(/at its top level/);
    expect(() => parsePreparedSplit('{"images":{}}', options)).toThrow(/at images, expected a list/);
    expect(() => parsePreparedSplit('{"name":"x"}', options)).toThrow(/expected 1 images and annotations .* 0 and 0/);
    expect(() => parsePreparedSplit(Uint8Array.of(0xff, 0xd8, 0xff), options)).toThrow(/is not JSON \(it is no text/);
  });

  it('refuses what is too large to be parsed in one piece', () => {
    expect(() => checkPreparedSize(PREPARED_TEXT_LIMIT, 'train.json')).not.toThrow();
    expect(() => checkPreparedSize(PREPARED_TEXT_LIMIT + 1, 'train.json')).toThrow(
      'checkPreparedSize: expected train.json to have at most 256 MiB, got 257 MiB; openPreparedDataset of @opposable/hand-datasets/node opens larger ones.',
    );
    expect(() => parsePreparedSplit(new Uint8Array(PREPARED_TEXT_LIMIT + 1), options)).toThrow(/at most 256 MiB/);
  });
});
