import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng, DatasetError } from '@opposable/tensor-checks';
import { checkSampleConformance } from '../../conformance/check-sample-conformance.js';
import { parseGeRealworld } from '../../readers/parse-ge-realworld.js';
import { matFile, matMatrix } from '../../test-support/mat-file.js';
import { syntheticSample } from '../../test-support/synthetic-sample.js';
import { mirrorSample } from '../../transform/mirror-sample.js';
import type { HandSample } from '../../types.js';
import { writeImage } from '../images/write-image.js';
import { readers } from './readers.js';

const ROWS = 4;
const BOX = [
  [30, 20, 128, 128],
  [40, 10, 160, 160],
  [0, 0, 512, 512],
  [7, 9, 256, 256],
] as const;
const rng = createRng('ge');
const hands = BOX.map((_, i) => mirrorSample(syntheticSample(rng.split(i), { width: 640, height: 480 })));
const transpose = (rows: readonly (readonly number[])[]): number[] =>
  rows[0]!.flatMap((_, k) => rows.map((row) => row[k]!));

/** The two files of the format, with made-up hands: column-major, one compressed and one not. */
function files(
  paths = hands.map((_, i) => `images/0000${i}.jpg`),
  { boxes = BOX, spoiled }: { boxes?: readonly (readonly number[])[]; spoiled?: number } = {},
): [params: Uint8Array, pose: Uint8Array] {
  const camera = hands.map(({ camera: k }) => [k![0]!, k![4]!, k![2]!, k![5]!]);
  const width = Math.max(...paths.map((path) => path.length));
  const text = transpose(paths.map((path) => [...path.padEnd(width)].map((character) => character.charCodeAt(0))));
  // [N, 21, 3] column-major: coordinate slowest, row fastest
  const pose: number[] = [];
  for (let d = 0; d < 3; d++)
    for (let k = 0; k < 21; k++) for (const hand of hands) pose.push(hand.keypoints3d![3 * k + d]! / 10);
  if (spoiled !== undefined) pose[spoiled] = NaN;
  return [
    matFile([
      matMatrix('bbox', 'int32', [ROWS, 4], transpose(boxes)),
      matMatrix('cam_param', 'double', [ROWS, 4], transpose(camera)),
      matMatrix('image_path', 'char', [paths.length, width], text),
      matMatrix('pose_scale', 'uint8', [1, ROWS], [5, 5, 5, 5]),
    ]),
    matFile([matMatrix('pose_gt', 'single', [ROWS, 21, 3], pose)], { compressed: true }),
  ];
}

describe('parseGeRealworld', () => {
  it('gives left hands in millimetres, cameras of the 256-pixel crops and 2D by projection', () => {
    const records = parseGeRealworld(...files());
    expect(records).toHaveLength(ROWS);
    records.forEach(({ row, imagePath, annotation, window }, i) => {
      const hand = hands[i]!;
      const [x, y, width] = BOX[i]!;
      expect([row, imagePath, [...window]]).toEqual([i, `images/0000${i}.jpg`, [...BOX[i]!]]);
      expect([annotation.side, annotation.keypointOrder, annotation.source.index]).toEqual(['left', 'panoptic', i]);
      annotation.keypoints3d!.forEach((value, k) => expect(Math.abs(value - hand.keypoints3d![k]!)).toBeLessThan(1e-4));
      const r = 256 / width;
      for (let k = 0; k < 21; k++) {
        const [X, Y, Z] = [0, 1, 2].map((d) => hand.keypoints3d![3 * k + d]!) as [number, number, number];
        const u = ((hand.camera![0]! * X) / Z + hand.camera![2]! - x) * r;
        const v = ((hand.camera![4]! * Y) / Z + hand.camera![5]! - y) * r;
        expect(Math.abs(annotation.keypoints[2 * k]! - u)).toBeLessThan(1e-3);
        expect(Math.abs(annotation.keypoints[2 * k + 1]! - v)).toBeLessThan(1e-3);
      }
    });
  });

  it('names the variable that is missing or has another shape or length', () => {
    const [params, pose] = files();
    expect(() => parseGeRealworld(pose, pose)).toThrow(/numeric variable bbox of shape \[N, 4\], got no such variable/);
    expect(() => parseGeRealworld(params, params)).toThrow(/variable pose_gt of shape \[N, 21, 3\]/);
    expect(() => parseGeRealworld(files(['a.jpg'])[0], pose)).toThrow(/pose_gt 4, bbox 4, cam_param 4, image_path 1/);
    expect(() =>
      parseGeRealworld(matFile([matMatrix('bbox', 'int32', [4, 3], new Array<number>(12).fill(1))]), pose),
    ).toThrow(/got numeric \[4, 3\]/);
  });
});

describe("readers['ge-realworld']", () => {
  let folder: string;
  const collect = async (stream: AsyncIterable<HandSample>): Promise<HandSample[]> => {
    const samples: HandSample[] = [];
    for await (const sample of stream) samples.push(sample);
    return samples;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ge-'));
    const [params, pose] = files();
    await writeFile(join(folder, 'params.mat'), params);
    await writeFile(join(folder, 'pose_gt.mat'), pose);
    for (const i of [0, 1, 3]) {
      const image = { width: 256, height: 256, data: new Uint8Array(256 * 256 * 3).fill(10 * i) };
      await writeImage(join(folder, 'images', `0000${i}.jpg`), image);
    }
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('streams in file order and counts the rows whose image is missing', async () => {
    const stream = readers['ge-realworld'](folder);
    const samples = await collect(stream);
    expect(samples.map(({ id }) => id)).toEqual(['ge-realworld/00000', 'ge-realworld/00001', 'ge-realworld/00003']);
    expect(samples.map(({ image }) => image.data[0])).toEqual([0, 10, 30]);
    expect(stream.report).toEqual({ read: 3, missingImages: 1, dropped: {}, problems: [] });
    for (const { problems } of samples.map((sample) => checkSampleConformance({ ...sample, image: undefined })))
      expect(problems).toEqual([]);
  });

  it('reads the rows that are asked for, in their order, and reports the one whose image is missing', async () => {
    const samples = await collect(readers['ge-realworld'](folder, { rows: [3, 0] }));
    expect(samples.map(({ source }) => source.index)).toEqual([3, 0]);
    await expect(collect(readers['ge-realworld'](folder, { rows: [0, 2] }))).rejects.toThrow(
      /00002\.jpg cannot be read \(there is no such file\)/,
    );
    await expect(collect(readers['ge-realworld'](folder, { rows: [4] }))).rejects.toThrow(
      /expected rows from 0 to 3, got 4/,
    );
  });

  it('counts images of another size and paths out of the folder, and names them; strict reading stops there', async () => {
    const read = () => readers['ge-realworld'](folder);
    const readStrictly = () => collect(readers['ge-realworld'](folder, { strict: true }));
    await rm(join(folder, 'images', '00003.jpg'));
    await writeImage(join(folder, 'images', '00000.jpg'), { width: 20, height: 20, data: new Uint8Array(1200) });
    const stream = read();
    await collect(stream);
    expect(stream.report).toMatchObject({ read: 1, missingImages: 2, dropped: { 'unusable image': 1 } });
    expect(stream.report.problems[0]!.message).toMatch(/00000\.jpg to be 256 × 256 pixels, got 20 × 20/);
    await expect(readStrictly()).rejects.toThrow(/record 0: .*to be 256 × 256 pixels, got 20 × 20/);

    await writeFile(join(folder, 'params.mat'), files(['../../../etc/passwd', 'b', 'c', 'd'])[0]);
    const outside = read();
    await collect(outside);
    expect(outside.report).toMatchObject({ read: 0, missingImages: 3, dropped: { 'unsafe path': 1 } });
    await expect(readStrictly()).rejects.toThrow(/expected a path inside the dataset at .*passwd/);
  });

  it('counts rows with NaN or a box without size, and variables of another length, and goes on', async () => {
    const write = async ([params, pose]: readonly Uint8Array[]): Promise<void> => {
      await writeFile(join(folder, 'params.mat'), params!);
      await writeFile(join(folder, 'pose_gt.mat'), pose!);
    };
    await write(files(undefined, { boxes: [BOX[0], [40, 10, 0, 160], BOX[2], BOX[3]], spoiled: ROWS * 5 + 3 }));
    const stream = readers['ge-realworld'](folder);
    expect((await collect(stream)).map(({ source }) => source.index)).toEqual([0]);
    const dropped = { 'bad box': 1, 'bad numbers': 1 };
    expect(stream.report).toMatchObject({ read: 1, missingImages: 1, dropped });
    expect(stream.report.problems.map(({ message }) => message)).toEqual([
      'params.mat and pose_gt.mat: row 1: expected a box of positive size, got 0 × 160',
      'params.mat and pose_gt.mat: row 3: expected finite numbers in pose_gt, got NaN',
    ]);
    expect(() => parseGeRealworld(...files(undefined, { spoiled: 2 }))).toThrow(/row 2: expected finite numbers/);
    await expect(collect(readers['ge-realworld'](folder, { strict: true }))).rejects.toThrow(/row 1: .*0 × 160/);

    await write([files(['images/00000.jpg', 'images/00001.jpg'])[0], files()[1]]);
    const shorter = readers['ge-realworld'](folder);
    expect(await collect(shorter)).toHaveLength(2);
    expect(shorter.report.dropped).toEqual({ 'wrong counts': 1 });
    expect(shorter.report.problems[0]!.message).toMatch(/pose_gt 4, bbox 4, cam_param 4, image_path 2$/);
    await writeFile(join(folder, 'pose_gt.mat'), 'no MATLAB');
    await expect(collect(readers['ge-realworld'](folder))).rejects.toThrow(/pose_gt\.mat cannot be read/);
  });

  it('reports missing files and options that it does not know', async () => {
    await expect(collect(readers['ge-realworld'](join(folder, 'no')))).rejects.toThrow(/there is no folder/);
    expect(() => readers['ge-realworld'](folder, { split: 'train' } as object)).toThrow(
      /Unrecognized key: "split"; accepted options are rows, strict, concurrency/,
    );
    await rm(join(folder, 'pose_gt.mat'));
    await expect(collect(readers['ge-realworld'](folder))).rejects.toThrow(DatasetError);
  });
});
