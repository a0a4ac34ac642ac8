import { copyFile, mkdir, mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNpz, writeNpz } from '@opposable/array-files';
import { createRng, DatasetError } from '@opposable/tensor-checks';
import sharp, { type Sharp } from 'sharp';
import { DEXYCB_FIXTURE } from '../../test-support/native/dexycb-fixture.js';
import { HO3D_FIXTURES } from '../../test-support/native/ho3d-fixture.js';
import { INTERHAND_FIXTURE } from '../../test-support/native/interhand-fixture.js';
import { JOINTS_JSON_FIXTURE } from '../../test-support/native/joints-json-fixture.js';
import { JSON_FIXTURES } from '../../test-support/native/json-fixtures.js';
import type { NativeFixture } from '../../test-support/native/native-fixture.js';
import { RHD_FIXTURES } from '../../test-support/native/rhd-fixture.js';
import { STB_FIXTURES } from '../../test-support/native/stb-fixture.js';
import type { HandSample } from '../../types.js';
import { readers } from './readers.js';
import type { DatasetReader } from './types.js';

let around: string;
let folder: string;
beforeEach(async () => {
  around = await mkdtemp(join(tmpdir(), 'bad-input-'));
  folder = join(around, 'dataset');
  await mkdir(folder);
});
afterEach(() => rm(around, { recursive: true, force: true }));

const FIXTURES: readonly NativeFixture[] = [
  ...JSON_FIXTURES,
  INTERHAND_FIXTURE,
  ...STB_FIXTURES,
  ...RHD_FIXTURES,
  ...HO3D_FIXTURES,
  DEXYCB_FIXTURE,
  JOINTS_JSON_FIXTURE,
];
const fixtureOf = (name: string, variant?: string): NativeFixture =>
  FIXTURES.find((fixture) => fixture.name === name && (variant === undefined || fixture.variant === variant))!;

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-call -- files of any shape are changed */
/** Changes a JSON file of the fixture; bare NaN is written where a text 'NaN' stands. */
async function changeJson(name: string, change: (value: any) => unknown): Promise<void> {
  const value = JSON.parse(await readFile(join(folder, name), 'utf8'));
  const text = JSON.stringify(change(value) ?? value);
  await writeFile(join(folder, name), text.replaceAll('"NaN"', 'NaN'));
}
const cut = async (name: string): Promise<void> => truncate(join(folder, name), 200);
const replaceImage = async (name: string, make: (image: Sharp) => Sharp): Promise<void> => {
  const bytes = await make(sharp(await readFile(join(folder, name)))).toBuffer();
  await writeFile(join(folder, name), bytes);
};

/** JPEG with EXIF data that say how to turn it; its pixels stay. */
const turnedBy = (image: Sharp, orientation: number): Sharp =>
  image.withMetadata({ orientation }).jpeg({ quality: 95 });

interface Case {
  /** What is wrong. */
  readonly what: string;
  readonly fixture: NativeFixture;
  readonly spoil: () => Promise<unknown>;
  /** Reason that counts it, and a part of the message, which names file and record. */
  readonly reason: string;
  readonly says: string;
  /** Hands that are lost. Default 1. */
  readonly lost?: number;
  /** Pictures of which no record tells any more. Default 0. */
  readonly unnamed?: number;
}

const PANOPTIC = 'hands_v143_14817.json';
const COCO = 'labels/all.json';

const CASES: readonly Case[] = [
  ...[
    ['panoptic', 'imgs/00000001.jpg'],
    ['mpii-nzsl', 'manual_train/Frank_1_l.jpg'],
    ['cmu-synth', 'synth2/0002.jpg'],
    ['freihand', 'training/rgb/00000001.jpg'],
    ['coco', 'pictures/1.png'],
    ['onehand10k', 'Train/source/2.jpg'],
    ['interhand', 'images/train/Capture3/0390_dh_touchROM/cam400026/image12.jpg'],
    ['stb', 'images/B2Random/BB_left_1.png'],
    ['rhd', 'RHD_published_v2/evaluation/color/00001.png'],
    ['ho3d', 'train/MC1/rgb/0007.png'],
    ['dexycb', '20200709-subject-01/20200709_141754/836212060125/color_000001.jpg'],
    ['joints-json', 'train/image/00000001.png'],
  ].map(([name, image]): Case => ({
    what: `a truncated image of ${name}`,
    fixture: fixtureOf(name!),
    spoil: () => cut(image!),
    reason: 'unusable image',
    says: image!.slice(image!.lastIndexOf('/') + 1),
  })),
  ...[
    ['freihand', 'training/mask/00000001.jpg', 4],
    ['rhd', 'RHD_published_v2/evaluation/mask/00001.png', 1],
    ['joints-json', 'train/mask/00000001.png', 1],
  ].map(([name, mask, lost]): Case => ({
    what: `a truncated mask of ${name}`,
    fixture: fixtureOf(name as string),
    spoil: () => cut(mask as string),
    reason: name === 'rhd' ? 'unusable mask' : 'unusable image',
    says: mask as string,
    lost: lost as number,
  })),
  {
    what: 'a list of another length in FreiHAND',
    fixture: fixtureOf('freihand'),
    spoil: () => changeJson('training_mano.json', (mano: unknown[]) => mano.slice(0, 2)),
    reason: 'wrong counts',
    says: 'training_K.json 3, training_xyz.json 3, training_mano.json 2',
    lost: 4,
  },
  ...[
    ['stb', 'images/B2Random/BB_right_2.png', 'images/B2Random/BB_right_3.png', 'labels/B2Random_BB.mat', '4', '3'],
    ['freihand', 'training/rgb/00000011.jpg', 'training/rgb/00000012.jpg', 'training lists', '13', '12'],
    [
      'rhd',
      'RHD_published_v2/evaluation/color/00001.png',
      'RHD_published_v2/evaluation/color/00002.png',
      'anno_evaluation.pickle',
      '3',
      '2',
    ],
  ].map(([name, picture, more, where, found, annotated]): Case => ({
    what: `a picture of ${name} more than annotations`,
    fixture: fixtureOf(name!),
    spoil: () => copyFile(join(folder, picture!), join(folder, more!)),
    reason: 'wrong counts',
    says: `${where}: expected annotations of all ${found} pictures in ${more!.slice(0, more!.lastIndexOf('/'))}, got those of ${annotated}`,
    lost: 0,
  })),
  ...[
    ['mpii-nzsl', 'manual_train/Frank_1_l'],
    ['cmu-synth', 'synth2/0001'],
  ].map(([name, file]): Case => ({
    what: `a picture of ${name} without its JSON file`,
    fixture: fixtureOf(name!),
    spoil: () => unlink(join(folder, `${file}.json`)),
    reason: 'missing annotation',
    says: `${file}.jpg: there is no JSON file of the same name`,
  })),
  ...[
    ['panoptic', 'imgs/', PANOPTIC],
    ['joints-json', 'train/image/', 'train/joints.json'],
    ['ho3d', 'train/ABF10/rgb/', 'train.txt'],
    ['dexycb', '20200709-subject-01/20200709_141754/836212060125/', '20200709-subject-01/20200709_141754/meta.yml'],
  ].map(([name, pictures, where]): Case => {
    const ending = name === 'joints-json' || name === 'ho3d' ? 'png' : 'jpg';
    const picture = `${pictures}${name === 'dexycb' ? 'color_000002' : '00009999'}.${ending}`;
    return {
      what: `a picture of ${name} that no record names`,
      fixture: fixtureOf(name!),
      spoil: () => writeFile(join(folder, picture), ''),
      reason: 'missing annotation',
      says: `${picture}: there is no record of it in ${where}`,
      lost: 0,
    };
  }),
  {
    what: 'a scale of FreiHAND in millimetres',
    fixture: fixtureOf('freihand'),
    spoil: () => changeJson('training_scale.json', (scales) => void (scales[1] *= 1000)),
    reason: 'bad numbers',
    says: 'training lists: record 1: expected scale as the bone of 0.0',
    lost: 4,
  },
  {
    what: 'img_num of another number',
    fixture: JOINTS_JSON_FIXTURE,
    spoil: () => changeJson('train/joints.json', (file) => ({ ...file, img_num: 7 })),
    reason: 'wrong counts',
    says: 'train/joints.json: img_num: expected the number of records, 2, got 7',
    lost: 0,
  },
  ...[
    {
      name: 'onehand10k',
      file: 'annotations/onehand10k_train.json',
      hide: (file: any) =>
        (file.annotations[1].keypoints as number[]).forEach((_, i, all) => i % 3 === 2 && (all[i] = 0)),
      says: 'annotations/onehand10k_train.json: record ',
    },
    {
      name: 'panoptic',
      file: PANOPTIC,
      hide: (file: any) => (file.root[1].joint_self as number[][]).forEach((joint) => (joint[2] = 0)),
      says: `${PANOPTIC}: record 1: no keypoint is labelled`,
    },
  ].map(({ name, file, hide, says }): Case => ({
    what: `a hand of ${name} without one labelled keypoint`,
    fixture: fixtureOf(name),
    spoil: () => changeJson(file, (content) => void hide(content)),
    reason: 'no keypoints',
    says,
  })),
  {
    what: '20 points',
    fixture: fixtureOf('panoptic'),
    spoil: () => changeJson(PANOPTIC, ({ root }) => void root[1].joint_self.pop()),
    reason: 'wrong counts',
    says: `${PANOPTIC}: root[1]: expected 63 numbers in joint_self, got 60`,
  },
  {
    what: 'lists nested deeper than a stack holds',
    fixture: fixtureOf('panoptic'),
    spoil: async () => {
      const deep = '['.repeat(200_000) + ']'.repeat(200_000);
      const text = await readFile(join(folder, PANOPTIC), 'utf8');
      await writeFile(join(folder, PANOPTIC), text.replace('"joint_self":', `"joint_self":${deep},"joint_other":`));
    },
    reason: 'wrong counts',
    says: `${PANOPTIC}: root[0]: expected 63 numbers in joint_self, got 1`,
  },
  {
    what: '42 points in a file of synth1',
    fixture: fixtureOf('cmu-synth'),
    spoil: () => changeJson('synth2/0001.json', ({ hand_pts }) => void hand_pts.push(...hand_pts)),
    reason: 'not 21 points',
    says: 'synth2/0001.json: expected 21 points in hand_pts, got 42',
  },
  ...[
    { name: 'panoptic', file: PANOPTIC, set: (file: any) => (file.root[2].joint_self[4][0] = 'NaN'), says: 'root[2]' },
    {
      name: 'freihand',
      file: 'training_xyz.json',
      set: (file: any) => (file[1][3][2] = 'NaN'),
      says: 'record 1',
      lost: 4,
    },
    {
      name: 'coco',
      file: COCO,
      set: (file: any) => (file.annotations[0].keypoints[0][0] = 'NaN'),
      says: 'annotations[0]',
    },
    {
      name: 'interhand',
      file: 'annotations/train/InterHand2.6M_train_joint_3d.json',
      set: (file: any) => (file['3']['12'].world_coord[30][1] = 'NaN'),
      says: 'annotations[1]',
    },
    {
      name: 'joints-json',
      file: 'train/joints.json',
      set: (file: any) => (file.image[1]['3d_joint'][2][2] = 'NaN'),
      says: 'image[1]',
    },
  ].map(({ name, file, set, says, lost = 1 }): Case => ({
    what: `NaN in ${name}`,
    fixture: fixtureOf(name),
    spoil: () => changeJson(file, (value) => void set(value)),
    reason: 'bad numbers',
    says,
    lost,
  })),
  {
    what: 'a box beside the image',
    fixture: fixtureOf('coco'),
    spoil: () => changeJson(COCO, ({ annotations }) => void (annotations[1].bbox = [900, 10, 50, 50])),
    reason: 'bad box',
    says: 'labels/all.json: record 1: expected a box that meets the 160 × 120 image, got [900, 10, 50, 50]',
  },
  {
    what: 'a box of negative size',
    fixture: fixtureOf('coco'),
    spoil: () => changeJson(COCO, ({ annotations }) => void (annotations[1].bbox = [100, 10, -50, 50])),
    reason: 'bad box',
    says: 'got [100, 10, -50, 50]',
  },
  {
    what: 'keypoints beside the image',
    fixture: fixtureOf('onehand10k'),
    spoil: () =>
      changeJson('annotations/onehand10k_train.json', ({ annotations }) => {
        annotations[0].keypoints = annotations[0].keypoints.map((x: number, i: number) => (i % 3 === 0 ? x + 5000 : x));
      }),
    reason: 'bad box',
    says: 'record 0',
  },
  {
    what: 'keypoints beside an image whose size only its file tells',
    fixture: fixtureOf('mpii-nzsl'),
    spoil: () =>
      changeJson('manual_train/Frank_1_l.json', ({ hand_pts }) => {
        for (const point of hand_pts) point[0] += 5000;
      }),
    reason: 'bad box',
    says: 'manual_train/Frank_1_l.json: record 1: expected a box that meets the 160 × 120 image',
  },
  {
    what: 'an image that lies on its side, without EXIF data that say so',
    fixture: fixtureOf('panoptic'),
    spoil: () => replaceImage('imgs/00000002.jpg', (image) => image.rotate(90)),
    reason: 'unusable image',
    says: 'to be 160 × 120 pixels, got 120 × 160',
  },
  ...['../outside.jpg', '/etc/hostname', 'imgs/../../outside.jpg', 'C:/windows/win.ini'].map((name): Case => ({
    what: `the name ${name}`,
    fixture: fixtureOf('panoptic'),
    spoil: async () => {
      await changeJson(PANOPTIC, ({ root }) => void (root[0].img_paths = name));
      await writeFile(join(folder, '..', 'outside.jpg'), 'not to be read');
    },
    reason: 'unsafe path',
    says: 'expected a path inside the dataset',
    unnamed: 1,
  })),
  {
    what: 'an id that comes twice',
    fixture: fixtureOf('coco'),
    spoil: () => changeJson(COCO, ({ annotations }) => void (annotations[2].id = annotations[0].id)),
    reason: 'duplicate id',
    says: 'labels/all.json: record 2: the id coco/100 came before',
  },
  {
    what: 'an image record that is missing',
    fixture: fixtureOf('coco'),
    spoil: () => changeJson(COCO, ({ images }) => void images.shift()),
    reason: 'missing image record',
    says: 'there is no image with the id 0',
  },
  {
    what: 'an annotation that is null',
    fixture: INTERHAND_FIXTURE,
    spoil: () =>
      changeJson('annotations/train/InterHand2.6M_train_data.json', ({ annotations }) => void (annotations[1] = null)),
    reason: 'missing image record',
    says: 'annotations[1]',
  },
  {
    what: 'MANO fits of InterHand2.6M that are the JSON of something else',
    fixture: INTERHAND_FIXTURE,
    spoil: () =>
      writeFile(join(folder, 'annotations/train/InterHand2.6M_train_MANO_NeuralAnnot.json'), '{"people": [{"id": 1}]}'),
    reason: 'unreadable annotation',
    says: 'InterHand2.6M_train_MANO_NeuralAnnot.json: expected MANO fits by capture and frame, found none',
    lost: 0,
  },
  {
    what: 'a label file of STB that is no MAT file',
    fixture: fixtureOf('stb'),
    spoil: () => writeFile(join(folder, 'labels/B2Counting_BB.mat'), 'PK not MATLAB'),
    reason: 'unreadable annotation',
    says: 'labels/B2Counting_BB.mat',
    lost: 0, // the made-up sequence has no frames
  },
  {
    what: 'a pickle that asks for code to be run',
    fixture: fixtureOf('ho3d'),
    spoil: () => writeFile(join(folder, 'train/MC1/meta/0007.pkl'), "cos\nsystem\n(S'true'\ntR."),
    reason: 'unreadable annotation',
    says: 'os.system, which is refused',
  },
  {
    what: 'a pickle of RHD with a long number in place of an array',
    fixture: fixtureOf('rhd', 'dominant hands'),
    spoil: async () => {
      await unlink(join(folder, 'RHD_published_v2/evaluation/color/00001.png'));
      await writeFile(
        join(folder, 'RHD_published_v2/evaluation/anno_evaluation.pickle'),
        Buffer.from(`\x80\x02}K\0}U\x06uv_vis\x8a\x09${'\xff'.repeat(8)}\0ss.`, 'latin1'), // { 0: { uv_vis: 2⁶⁴ − 1 } }
      );
    },
    reason: 'wrong counts',
    says: 'sample 0: expected 126 numbers in uv_vis, got 18446744073709551615',
    lost: 2,
  },
  {
    what: 'a missing pickle',
    fixture: fixtureOf('ho3d'),
    spoil: () => unlink(join(folder, 'train/MC1/meta/0007.pkl')),
    reason: 'unreadable annotation',
    says: 'train/MC1/meta/0007.pkl',
  },
  {
    what: 'a list of frames that leaves the folder',
    fixture: fixtureOf('ho3d'),
    spoil: () => writeFile(join(folder, 'train.txt'), 'ABF10/0007\nBB11/0007\n../../etc/passwd\n'),
    reason: 'bad record',
    says: 'train.txt: line 3: expected a line sequence/frame, got "../../etc/passwd"',
    unnamed: 1,
  },
  {
    what: 'a label file of DexYCB that is cut off',
    fixture: DEXYCB_FIXTURE,
    spoil: () => cut('20200813-subject-02/20200813_145612/836212060125/labels_000001.npz'),
    reason: 'unreadable annotation',
    says: '20200813-subject-02/20200813_145612/836212060125/labels_000001.npz',
  },
  {
    what: 'a label file of DexYCB without a segmentation',
    fixture: DEXYCB_FIXTURE,
    spoil: async () => {
      const name = join(folder, '20200813-subject-02/20200813_145612/836212060125/labels_000001.npz');
      const { seg: _, ...others } = parseNpz(await readFile(name));
      await writeFile(name, writeNpz(others));
    },
    reason: 'unusable image',
    says: "labels_000001.npz: record 800001: readNpz: the archive has no array 'seg'",
  },
  {
    what: 'a calibration of DexYCB that is the YAML of something else',
    fixture: DEXYCB_FIXTURE,
    spoil: () => writeFile(join(folder, 'calibration/mano_20200514-left/mano.yml'), 'people: [1]'),
    reason: 'wrong counts',
    says: 'expected 10 numbers in betas of calibration/mano_20200514-left/mano.yml, got nothing',
    lost: 2,
  },
  {
    what: 'a calibration of DexYCB that is missing',
    fixture: DEXYCB_FIXTURE,
    spoil: () => rm(join(folder, 'calibration/mano_20200514-left'), { recursive: true }),
    reason: 'unreadable annotation',
    says: '20200813-subject-02/20200813_145612/meta.yml',
    lost: 2,
  },
  {
    what: 'a JSON of another dataset among the files of MPII and NZSL',
    fixture: fixtureOf('mpii-nzsl'),
    spoil: () => writeFile(join(folder, 'manual_train/Frank_1_l.json'), '{"people": []}'),
    reason: 'wrong counts',
    says: 'manual_train/Frank_1_l.json: expected 63 numbers in hand_pts, got nothing',
  },
];

async function readAll({ name, options }: NativeFixture, more: object = {}) {
  const stream = (readers as Readonly<Record<string, DatasetReader>>)[name]!(folder, { ...options, ...more });
  const samples: HandSample[] = [];
  for await (const sample of stream) samples.push(sample);
  return { samples, report: stream.report };
}

it('FreiHAND is not counted beforehand where the numbers of the pictures do not need it, and still says what differs', async () => {
  const fixture = fixtureOf('freihand');
  await fixture.write(folder, createRng('bad input'));
  const versions = { versions: ['gs'] };
  const whole = await readAll(fixture, versions);
  expect(whole.report.dropped).toEqual({});
  await changeJson('training_xyz.json', (points: unknown[]) => points.slice(0, 2));
  const { samples, report } = await readAll(fixture, versions);
  expect(samples).toEqual(whole.samples.slice(0, 2));
  expect(report.dropped).toEqual({ 'wrong counts': 1 });
  expect(report.problems[0]!.message).toBe(
    'training lists: expected as many records in every list, got training_K.json 3, training_xyz.json 2, training_mano.json 3, training_scale.json 3',
  );
  await expect(readAll(fixture, { ...versions, strict: true })).rejects.toThrow('training_xyz.json 2');
});

describe('a reader that meets', () => {
  it.each(CASES.map((bad): [string, Case] => [bad.what, bad]))(
    '%s reports file and record, counts it, and goes on; strict, it stops',
    async (_, { fixture, spoil, reason, says, lost = 1, unnamed = 0 }) => {
      const hands = await fixture.write(folder, createRng('bad input'));
      await spoil();
      const { samples, report } = await readAll(fixture);
      const expected = { ...fixture.dropped };
      expected[reason] = (expected[reason] ?? 0) + (reason === 'wrong counts' ? 1 : Math.max(lost, 1));
      if (unnamed > 0) expected['missing annotation'] = unnamed;
      if (reason === 'unreadable annotation') expected[reason] = 1; // of a file, however many hands it holds
      if (fixture === DEXYCB_FIXTURE && lost === 2) expected['no hand'] = 2; // those of the subject are lost too
      expect({ dropped: report.dropped, read: report.read }).toEqual({ dropped: expected, read: hands.length - lost });
      expect(samples).toHaveLength(hands.length - lost);
      expect(report.problems.find((problem) => problem.reason === reason)!.message).toContain(says);
      await expect(readAll(fixture, { strict: true })).rejects.toThrow(DatasetError);
    },
  );

  it('missing images counts them apart, and strict stops', async () => {
    const fixture = fixtureOf('freihand');
    const hands = await fixture.write(folder, createRng(1));
    await unlink(join(folder, 'training/rgb/00000004.jpg'));
    const { report } = await readAll(fixture);
    expect(report).toEqual({ read: hands.length - 1, missingImages: 1, dropped: {}, problems: [] });
    await expect(readAll(fixture, { strict: true })).rejects.toThrow(/record 4: there is no image/);
  });

  it.each([
    ['gray', 2, 2, (image: Sharp) => image.grayscale().png()],
    ['16 bits', 2, 2, (image: Sharp) => image.toColourspace('rgb16').png()],
    ['CMYK', 20, 30, (image: Sharp) => image.toColourspace('cmyk').jpeg()],
    ['EXIF that turns it by nothing', 2, 2, (image: Sharp) => image.withMetadata({ orientation: 1 }).jpeg()],
    ['EXIF that turns it, annotated as it lies in the file', 2, 2, (image: Sharp) => turnedBy(image, 6)],
    ['EXIF that turns it upside down, annotated as it lies in the file', 2, 2, (image: Sharp) => turnedBy(image, 3)],
    ['EXIF that turns it, annotated as it is seen', 2, 2, (image: Sharp) => turnedBy(image.rotate(-90), 6)],
  ])('an image of %s reads it as the colours that it means', async (_, grayLevels, mean, make) => {
    const fixture = fixtureOf('onehand10k');
    const hands = await fixture.write(folder, createRng(2));
    await replaceImage('Train/source/1.jpg', make);
    const { samples, report } = await readAll(fixture);
    expect(report.read).toBe(hands.length);
    const { width, height, data } = samples[0]!.image;
    expect([width, height, data.length]).toEqual([160, 120, 160 * 120 * 3]);
    expect(Math.abs(data[3000]! - hands[0]!.image.data[3000]!)).toBeLessThan(grayLevels);
    const difference =
      data.reduce((sum, value, i) => sum + Math.abs(value - hands[0]!.image.data[i]!), 0) / data.length;
    expect(difference).toBeLessThan(mean);
  });

  it('annotations before the images of a COCO file reads them alike', async () => {
    const fixture = fixtureOf('coco');
    await fixture.write(folder, createRng(4));
    const { samples } = await readAll(fixture);
    await changeJson(COCO, ({ annotations, images, ...others }) => ({ ...others, annotations, images }));
    expect((await readAll(fixture)).samples).toEqual(samples);
    expect(samples.length).toBeGreaterThan(1);
  });

  it.each([
    ['panoptic', PANOPTIC],
    ['onehand10k', 'annotations/onehand10k_train.json'],
    ['coco', COCO],
    ['coco-wholebody', 'coco_wholebody_val_v1.0.json'],
    ['joints-json', 'train/joints.json'],
    ['interhand', 'annotations/train/InterHand2.6M_train_data.json'],
  ])('the JSON of another dataset in %s names the file', async (name, file) => {
    const fixture = fixtureOf(name);
    await fixture.write(folder, createRng(3));
    await writeFile(join(folder, file), JSON.stringify({ people: [{ id: 1 }], version: 2 }));
    await expect(readAll(fixture)).rejects.toThrow(file);
    await writeFile(join(folder, file), '{"root": [{"img');
    await expect(readAll(fixture)).rejects.toThrow(/is not JSON/);
  });

  it('a COCO file with pictures alone says that it has no annotations', async () => {
    await fixtureOf('coco').write(folder, createRng(5));
    await changeJson(COCO, ({ images }) => ({ images }));
    await expect(readAll(fixtureOf('coco'))).rejects.toThrow(/in labels\/all\.json, found no annotations/);
  });

  it.each(['panoptic', 'mpii-nzsl', 'freihand', 'interhand', 'stb', 'rhd', 'ho3d', 'dexycb', 'joints-json'])(
    'an empty folder instead of %s says what it looks for',
    async (name) => {
      await mkdir(join(folder, 'empty'));
      const read = (readers as Readonly<Record<string, DatasetReader>>)[name]!;
      const stream = read(join(folder, 'empty'));
      const all = async () => {
        for await (const _ of stream) continue;
        return stream.report.read;
      };
      // a folder of image and JSON pairs may be empty
      if (name === 'mpii-nzsl') expect(await all()).toBe(0);
      else await expect(all()).rejects.toThrow(/expected .* in .*empty/);
    },
  );
});
