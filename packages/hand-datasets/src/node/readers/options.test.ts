import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@opposable/tensor-checks';
import { checkSampleConformance } from '../../conformance/check-sample-conformance.js';
import { DEXYCB_CAMERAS, DEXYCB_SETUPS, dexYcbSplit } from '../../readers/parse-dexycb.js';
import { freihandRandomSubsets, freihandTutorialSubset } from '../../readers/parse-freihand.js';
import { STB_SEQUENCES } from '../../readers/parse-stb.js';
import { matFile, matMatrix } from '../../test-support/mat-file.js';
import { DEXYCB_FIXTURE } from '../../test-support/native/dexycb-fixture.js';
import { INTERHAND_FIXTURE } from '../../test-support/native/interhand-fixture.js';
import { JOINTS_JSON_FIXTURE } from '../../test-support/native/joints-json-fixture.js';
import { JSON_FIXTURES } from '../../test-support/native/json-fixtures.js';
import { RHD_FIXTURES } from '../../test-support/native/rhd-fixture.js';
import { STB_FIXTURES } from '../../test-support/native/stb-fixture.js';
import { prepareSample } from '../../transform/prepare-sample.js';
import type { HandRecord } from '../../records.js';
import { readers } from './readers.js';
import type { SampleStream } from './types.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'options-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function recordsOf(stream: SampleStream): Promise<HandRecord[]> {
  const records: HandRecord[] = [];
  for await (const record of stream.records()) records.push(record);
  return records;
}

describe('STB', () => {
  /** One frame in each of the 12 sequences. */
  async function writeLabels(): Promise<void> {
    const points = Array.from({ length: 63 }, (_, i) => (i % 3 === 2 ? 600 : 5 * (i % 20) - 40));
    const bytes = matFile([matMatrix('handPara', 'double', [3, 21, 1], points)]);
    await mkdir(join(folder, 'labels'));
    for (const sequence of STB_SEQUENCES) {
      for (const device of ['BB', 'SK']) await writeFile(join(folder, 'labels', `${sequence}_${device}.mat`), bytes);
    }
  }
  const sequencesOf = async (options: object) => {
    const records = await recordsOf(readers.stb(folder, { cameras: ['bb-left'], ...options }));
    return records.map(({ sequence }) => sequence!.slice(0, 2)).filter((name, i) => i % 2 === 0);
  };

  it('splits into B1 and the rest, and by the validation protocol into B1, B2 and the rest', async () => {
    await writeLabels();
    expect(await sequencesOf({})).toEqual(['B1', 'B2', 'B3', 'B4', 'B5', 'B6']);
    expect(await sequencesOf({ split: 'test' })).toEqual(['B1']);
    expect(await sequencesOf({ split: 'train' })).toEqual(['B2', 'B3', 'B4', 'B5', 'B6']);
    expect(await sequencesOf({ split: 'train', protocol: 'validation' })).toEqual(['B3', 'B4', 'B5', 'B6']);
    expect(await sequencesOf({ split: 'val', protocol: 'validation' })).toEqual(['B2']);
    expect(await sequencesOf({ split: 'test', protocol: 'validation' })).toEqual(['B1']);
    await expect(sequencesOf({ split: 'val' })).rejects.toThrow("expected the protocol 'validation'");
  });

  it('reads both stereo cameras unless told otherwise', async () => {
    await writeLabels();
    expect(await recordsOf(readers.stb(folder))).toHaveLength(24);
    const all = ['bb-left', 'bb-right', 'sk-color', 'sk-depth'] as const;
    expect(await recordsOf(readers.stb(folder, { cameras: [...all] }))).toHaveLength(48);
    expect(() => readers.stb(folder, { cameras: ['middle'] } as never)).toThrow(/option cameras/);
  });

  it('keeps the palm centre if asked, and puts the wrist at 2 · palm − ring knuckle otherwise', async () => {
    const fixture = STB_FIXTURES[0]!;
    await fixture.write(folder, createRng('palm'));
    const [wrists, palms] = [
      await recordsOf(readers.stb(folder, { ...fixture.options })),
      await recordsOf(readers.stb(folder, { ...fixture.options, root: 'palm' })),
    ];
    palms.forEach(({ keypoints3d: palm }, i) => {
      const wrist = wrists[i]!.keypoints3d!;
      for (let k = 0; k < 3; k++) expect(wrist[k]).toBeCloseTo(2 * palm![k]! - palm![15 + k]!, 9);
      expect(Array.from(wrist.slice(3))).toEqual(Array.from(palm!.slice(3)));
    });
  });
});

describe('FreiHAND', () => {
  it('gives hands without labels of an evaluation part that has cameras and scales alone', async () => {
    const evaluation = JSON_FIXTURES.find(({ variant }) => variant === 'evaluation')!;
    const hands = await evaluation.write(folder, createRng(3));
    await rm(join(folder, 'evaluation_xyz.json'));
    const stream = readers.freihand(folder, { split: 'evaluation', strict: true });
    const samples = [];
    for await (const sample of stream) samples.push(sample);
    expect(stream.report).toEqual({ read: 2, missingImages: 0, dropped: {}, problems: [] });
    expect(samples.map(({ camera, image }) => [camera, image])).toEqual(
      hands.map(({ camera, image }) => [camera, image]),
    );
    for (const sample of samples) {
      expect(sample.keypoints3d).toBeUndefined();
      expect(sample.visibility).toEqual(new Uint8Array(21));
      expect(sample.bbox).toEqual([0, 0, 223, 223]);
      expect(checkSampleConformance(sample).problems).toEqual([]);
      const { image, crop, visibility, camera } = prepareSample(sample, { size: 256 });
      expect([image.width, visibility.includes(2)]).toEqual([256, false]);
      const scale = 256 / 223; // the crop is the whole picture, to a pixel
      expect(crop![0]).toBeCloseTo(scale, 9);
      expect(camera![0]).toBeCloseTo(scale * sample.camera![0]!, 6);
    }
  });

  const fixture = JSON_FIXTURES.find(({ name, variant }) => name === 'freihand' && variant === undefined)!;

  it('reads the versions that are asked for, at their own image numbers', async () => {
    await fixture.write(folder, createRng('versions'));
    const files = async (options: object) =>
      (await recordsOf(readers.freihand(folder, options))).map(({ image }) => Number(/(\d+)\.jpg/.exec(image)![1]));
    expect(await files({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await files({ versions: ['hom', 'auto'] })).toEqual([3, 4, 5, 9, 10, 11]);
    expect(await files({ subset: 'train' })).toEqual([0, 1, 2]); // the tutorial uses the green screen alone
    expect(await files({ subset: 'test' })).toEqual([]);
    await expect(files({ subset: 'val', protocol: 'random' })).rejects.toThrow('expected a seed');
    await expect(files({ split: 'evaluation', subset: 'val' })).rejects.toThrow("only with the split 'training'");
  });

  it('splits by pose: 26,000, 5,000 and 1,560 of the tutorial, 8 : 1 : 1 at random', async () => {
    const counts = { train: 0, val: 0, test: 0 };
    for (let sample = 0; sample < 32_560; sample++) counts[freihandTutorialSubset(sample)]++;
    expect(counts).toEqual({ train: 26_000, val: 5_000, test: 1_560 });
    const random = freihandRandomSubsets(32_560, createRng(4));
    const count = (subset: string) => random.filter((found) => found === subset).length;
    expect([count('train'), count('val'), count('test')]).toEqual([26_048, 3_256, 3_256]);
    expect(freihandRandomSubsets(32_560, createRng(4))).toEqual(random);
    expect(freihandRandomSubsets(32_560, createRng(5))).not.toEqual(random);
  });

  it('keeps all versions of a pose on one side of the random split', async () => {
    await fixture.write(folder, createRng('random'));
    const seen = new Map<string, string>();
    for (const subset of ['train', 'val', 'test'] as const) {
      const records = await recordsOf(readers.freihand(folder, { subset, protocol: 'random', seed: 7 }));
      for (const { sequence } of records) {
        expect(seen.get(sequence!) ?? subset).toBe(subset);
        seen.set(sequence!, subset);
      }
    }
    expect(seen.size).toBe(3);
  });
});

describe('InterHand2.6M', () => {
  it('gives the MANO fit of the world with the camera in metres: X_cam = R · X_world + t', async () => {
    const hands = await INTERHAND_FIXTURE.write(folder, createRng('mano'));
    const records = await recordsOf(readers.interhand(folder));
    const { mano, keypoints3d, side } = records[0]!;
    expect([side, mano!.convention, mano!.pose.length, records[1]!.mano]).toEqual([
      'right',
      'interhand',
      48,
      undefined,
    ]);
    const camera = JSON.parse(
      await readFile(join(folder, 'annotations/train/InterHand2.6M_train_camera.json'), 'utf8'),
    ) as { 3: { campos: { 400026: number[] }; camrot: { 400026: number[][] } } };
    const [position, rotation] = [camera[3].campos[400026], camera[3].camrot[400026]];
    // from the camera frame to the world by the dataset's own fields, and back by worldToCamera
    for (let i = 0; i < 63; i += 3) {
      const point = [0, 1, 2].map((k) => keypoints3d![i + k]!);
      const world = [0, 1, 2].map((k) => rotation.reduce((sum, row, j) => sum + row[k]! * point[j]!, 0) + position[k]!);
      for (let row = 0; row < 3; row++) {
        const m = mano!.worldToCamera!.slice(4 * row, 4 * row + 4);
        const back = world.reduce((sum, mm, k) => sum + m[k]! * (mm / 1000), m[3]!);
        expect(back).toBeCloseTo(point[row]! / 1000, 9);
      }
    }
    expect(hands).toHaveLength(3);
  });
});

describe('joints.json', () => {
  it('puts no wrist where palm centre or ring knuckle is not labelled in 2D', async () => {
    await JOINTS_JSON_FIXTURE.write(folder, createRng('wrist'));
    const [, whole] = await recordsOf(readers['joints-json'](folder));
    const file = join(folder, 'train', 'joints.json');
    const { image } = JSON.parse(await readFile(file, 'utf8')) as { image: Record<string, number[][]>[] };
    for (const joint of [0, 5]) {
      const rows = image[1]!['2d_joint']!.map((row, i) => (i === joint ? [0, 0, 0] : row));
      await writeFile(file, JSON.stringify({ image: [image[0], { ...image[1], '2d_joint': rows }] }));
      const [, { keypoints, visibility, keypoints3d }] = (await recordsOf(readers['joints-json'](folder))) as [
        ...[HandRecord, HandRecord],
      ];
      expect([visibility[0], keypoints[0], keypoints[1]]).toEqual([0, 0, 0]);
      expect([visibility[5], visibility[6]]).toEqual([joint === 5 ? 0 : 2, 2]);
      expect(keypoints3d).toEqual(whole!.keypoints3d);
    }
  });
});

describe('DexYCB', () => {
  const places = Array.from({ length: 10 * 100 * 8 }, (_, i) => ({
    subject: Math.floor(i / 800),
    sequence: Math.floor(i / 8) % 100,
    camera: i % 8,
  }));

  it('has the published shares of sequences, subjects, views and objects in its setups', () => {
    const shares = DEXYCB_SETUPS.map((setup) =>
      (['train', 'val', 'test'] as const).map(
        (split) => places.filter((place) => dexYcbSplit(setup, place) === split).length / places.length,
      ),
    );
    expect(shares).toEqual([
      [0.8, 0.04, 0.16],
      [0.7, 0.1, 0.2], // 7, 1 and 2 of 10 subjects
      [0.75, 0.125, 0.125], // 6, 1 and 1 of 8 views
      [0.75, 0.1, 0.15], // 15, 2 and 3 of 20 objects
    ]);
    const objects = (split: string) =>
      new Set(
        places.filter((place) => dexYcbSplit('s3', place) === split).map(({ sequence }) => Math.floor(sequence / 5)),
      );
    for (const object of objects('train'))
      expect(objects('test').has(object) || objects('val').has(object)).toBe(false);
  });

  it('chooses by subject, camera, sequence and side', async () => {
    await DEXYCB_FIXTURE.write(folder, createRng('choose'));
    const count = async (options: object) => (await recordsOf(readers.dexycb(folder, options))).length;
    // subject 7 has no calibration and no labels in the fixture
    const subjects = ['20200709-subject-01', '20200813-subject-02'];
    expect(await count({ subjects })).toBe(4);
    expect(await count({ subjects, cameras: [DEXYCB_CAMERAS[7]] })).toBe(2);
    expect(await count({ subjects, side: 'left' })).toBe(2);
    expect(await count({ sequences: ['20200709_141754'] })).toBe(2);
    await expect(count({ setup: 's0', split: 'train' })).rejects.toThrow('expected all 100 sequences in 20200709');
    await expect(count({ setup: 's1' })).rejects.toThrow('expected setup and split together');
  });
});

describe('RHD', () => {
  it('gives the hand of one side if asked', async () => {
    const fixture = RHD_FIXTURES[0]!;
    await fixture.write(folder, createRng('side'));
    const sides = async (hands: 'left' | 'right' | 'dominant') =>
      (await recordsOf(readers.rhd(folder, { split: 'evaluation', hands }))).map(({ id }) => id);
    expect(await sides('left')).toEqual(['rhd/evaluation/00000/left', 'rhd/evaluation/00001/left']);
    expect(await sides('dominant')).toEqual(['rhd/evaluation/00000/left', 'rhd/evaluation/00001/right']);
  });
});
