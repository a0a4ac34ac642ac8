import { mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decodeGrayPng, encodePng } from '@opposable/drawing';
import { openPreparedDataset, type PreparedDataset } from '@opposable/hand-datasets/node';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import { jointColors } from '@opposable/keypoint-order';
import { decode } from 'fast-png';
import type { Locator, Page } from 'playwright-core';
import { type BuiltPage, openBuiltPage } from './test-support/built-page.js';
import { keepPicture } from './test-support/keep-picture.js';
import { chromiumPath } from './test-support/open-browser.js';
import { answerPicker, changedCopy, countBitmaps, dropFolder, editJson } from './test-support/open-dataset-page.js';
import { areaOf, difference, dropFile, eventually, skinMask, stillPicture } from './test-support/page-actions.js';

const missing = chromiumPath === undefined && process.env['CI'] !== 'true';
const SIZE = 128;
const TRAIN = 30;
const TEST = 4;

/** What the tests change in the files of a dataset. */
interface Json {
  format_version: number;
  splits: { train: { count: number } };
  images: { file_name: string }[];
  annotations: { sample_id: string }[];
}

const shot = async (target: Locator) => {
  const { data, channels, width, height } = decode(await stillPicture(target));
  return { width, height, at: (x: number, y: number) => [0, 1, 2].map((k) => data[(Math.round(y) * width + Math.round(x)) * channels + k]!) }; // prettier-ignore
};

(missing ? describe.skip : describe)(missing ? 'the data view (skipped: no Chromium)' : 'the data view', () => {
  let built: BuiltPage;
  let page: Page;
  let folder: string;
  let set: string;
  let dataset: PreparedDataset;
  const copies: string[] = [];
  const input = () => page.getByLabel('Folder of a prepared dataset');
  const stage = () => page.getByRole('region', { name: 'Picture' });
  const fact = (name: string, on = page) => on.locator(`.of-sample td[data-fact="${name}"]`);
  const isAt = (index: number, on = page) => on.waitForFunction((wanted) => document.querySelector<HTMLInputElement>('.pager input')?.value === wanted && new URLSearchParams(location.hash.split('?')[1]).get('sample') === (wanted === '0' ? null : wanted), String(index)); // prettier-ignore
  const press = async (key: string, index: number) => (await page.keyboard.press(key), isAt(index));
  const only = async (...wanted: string[]) => {
    for (const name of ['Skeleton', 'Mask', 'Box', 'Numbers']) {
      await page.getByLabel(name, { exact: true }).setChecked(wanted.includes(name));
    }
  };
  const copyWith = async (name: string, change: (folder: string) => Promise<void>): Promise<string> => {
    const made = await changedCopy(set, name, change);
    copies.push(dirname(made));
    return made;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playground-data-'));
    set = join(folder, 'hands');
    await synthesizeDataset({ out: set, seed: 'data view', train: TRAIN, test: TEST, size: SIZE, workers: 0 });
    dataset = await openPreparedDataset(set);
    built = await openBuiltPage();
    page = await built.open('');
    await countBitmaps(page);
    await page.goto(`${built.origin}/#data`);
    await page.reload();
    await page.getByText('Open the folder of a prepared dataset').waitFor();
    await input().setInputFiles(set);
    await isAt(0);
  });

  afterAll(async () => {
    await built?.close();
    for (const made of [folder, ...copies]) await rm(made, { recursive: true, force: true });
  });

  it('opens a folder and turns its pages by keys, buttons, a number and the contact sheet', async () => {
    await page.getByText('hands', { exact: true }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Split' }).locator('option').allTextContents()).toEqual([
      `train, ${TRAIN} samples`,
      `test, ${TEST} samples`,
    ]);
    for (const [key, index] of [['ArrowRight', 1], ['ArrowRight', 2], ['ArrowLeft', 1], ['PageDown', 13], ['End', TRAIN - 1], ['PageUp', TRAIN - 13], ['Home', 0]] as const) await press(key, index); // prettier-ignore
    await page.getByRole('button', { name: 'Next sample' }).click();
    await isAt(1);
    await page.getByRole('button', { name: 'Last sample' }).click();
    await isAt(TRAIN - 1);
    expect(await page.getByRole('button', { name: 'Next sample' }).isDisabled()).toBe(true);
    await page.getByLabel('Number of the sample').fill('14');
    await page.keyboard.press('Enter');
    await isAt(14);
    expect(await page.getByRole('group', { name: 'Contact sheet' }).getByRole('button').count()).toBe(12);
    await page.getByRole('button', { name: 'Sample 17', exact: true }).click();
    await isAt(17);
    expect(await page.locator('.thumbnail[aria-current]').textContent()).toBe('17');
  });

  it('shows what the files of a sample say', async () => {
    for (const index of [17, 3]) {
      await page.getByLabel('Number of the sample').fill(String(index));
      await page.keyboard.press('Enter');
      await isAt(index);
      const annotation = dataset.annotation('train', index);
      const record = dataset.imageRecord('train', index);
      const numbers = async (name: string) => (await fact(name).textContent())!.match(/-?\d+(?:\.\d+)?/g)!.map(Number);
      const close = (found: number[], wanted: Iterable<number>, digits: number) => {
        expect(found).toHaveLength([...wanted].length);
        [...wanted].forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(0.51 * 10 ** -digits)); // prettier-ignore
      };
      expect(await fact('sample').textContent()).toBe(annotation.id);
      expect(await fact('source').textContent()).toBe(annotation.source.dataset);
      expect(await fact('side').textContent()).toBe(annotation.side);
      expect(await fact('mirrored').textContent()).toBe('no');
      expect(await fact('image').textContent()).toBe(record.file_name);
      expect(await fact('size').textContent()).toBe(`${SIZE} × ${SIZE}`);
      close(await numbers('box'), annotation.bbox, 1);
      close(await numbers('focal length'), [annotation.camera![0]!, annotation.camera![4]!], 1);
      close(await numbers('centre'), [annotation.camera![2]!, annotation.camera![5]!], 1);
      close(await numbers('pose'), annotation.handParameters!.slice(6, 12), 3);
      close(await numbers('betas'), annotation.handParameters!.slice(12), 3);
      const visible = [2, 1, 0].map((value) => annotation.visibility.filter((each) => each === value).length);
      expect(await numbers('keypoints')).toEqual(visible);
    }
  });

  it('draws the skeleton where the keypoints are, and a mask as large as its file’s', async () => {
    const index = 3;
    const { keypoints, visibility } = dataset.annotation('train', index);
    const box = (await stage().boundingBox())!;
    const scale = Math.min(box.width, box.height) / SIZE;
    const at = (k: number) => [(box.width - scale * SIZE) / 2 + scale * (keypoints[2 * k]! + 0.5), (box.height - scale * SIZE) / 2 + scale * (keypoints[2 * k + 1]! + 0.5)] as const; // prettier-ignore
    await only('Skeleton');
    const colors = jointColors('panoptic');
    const alone = Array.from({ length: 21 }, (_, k) => k).filter(
      (k) =>
      Array.from({ length: 21 }, (_, other) => other).every((other) => other === k || Math.hypot(at(other)[0] - at(k)[0], at(other)[1] - at(k)[1]) > 14), // prettier-ignore
    );
    expect(alone.length).toBeGreaterThan(5);
    await eventually(async () => {
      const drawn = await shot(stage());
      for (const k of alone) {
        const shift = visibility[k] === 2 ? 0 : 5; // one that is hidden is a ring of radius 5
        const found = drawn.at(at(k)[0] + shift, at(k)[1]);
        found.forEach((value, c) => expect(Math.abs(value - colors[k]![c]!)).toBeLessThan(visibility[k] === 2 ? 12 : 90)); // prettier-ignore
      }
    });
    const mask = decodeGrayPng(await readFile(join(set, dataset.imageRecord('train', index).mask_file_name!)));
    const wanted = mask.data.filter((value) => value > 0).length * scale * scale;
    await eventually(async () => {
      await only();
      const plain = await shot(stage());
      await only('Mask');
      const tinted = await shot(stage());
      let changed = 0;
      for (let y = 0; y < plain.height; y++) {
        for (let x = 0; x < plain.width; x++) {
          const [before, after] = [plain.at(x, y), tinted.at(x, y)];
          if (before.some((value, c) => value !== after[c])) changed++;
        }
      }
      process.stdout.write(`playground: mask ${changed} px on the page, ${wanted.toFixed(0)} px by its file\n`);
      expect(Math.abs(changed - wanted) / wanted).toBeLessThan(0.03);
    });
    const listed = Number((await fact('mask area').textContent())!.replace(' %', ''));
    const sum = mask.data.reduce((total, value) => total + value, 0);
    expect(listed).toBeCloseTo((100 * sum) / 255 / SIZE / SIZE, 2);
    await only('Box');
    const [left, top, width, height] = dataset.annotation('train', index).bbox;
    const places = Array.from({ length: 200 }, (_, i) => [left + (width * i) / 200, top + (i % 2) * height] as const);
    await eventually(async () => {
      const boxed = await shot(stage());
      const yellow = places.filter(([x, y]) => boxed.at((box.width - scale * SIZE) / 2 + scale * (x + 0.5), (box.height - scale * SIZE) / 2 + scale * (y + 0.5))[2]! < 60); // prettier-ignore
      expect(yellow.length).toBeGreaterThan(80); // six tenths of a dashed line
    });
    await only('Skeleton', 'Mask', 'Box');
  });

  it('shows the open hand in 3D, which turns', async () => {
    const solid = page.getByRole('region', { name: '3D view' });
    expect(await fact('3D view').textContent()).toBe('keypoints and the open hand’s mesh');
    await page.getByLabel('Skeleton').uncheck();
    await stillPicture(solid);
    const front = await skinMask(solid);
    expect(areaOf(front)).toBeGreaterThan(0.05);
    await page.locator('canvas.scene').focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight');
    await eventually(async () => expect(difference(front, await skinMask(solid))).toBeGreaterThan(0.1));
    await isAt(3); // the keys were the 3D view's
    await page.getByLabel('Mesh').uncheck();
    await eventually(async () => expect(areaOf(await skinMask(solid))).toBeLessThan(0.001));
    await page.getByLabel('Mesh').check();
    await page.getByLabel('Skeleton').check();
    await page.getByRole('button', { name: 'Front' }).click();
    await keepPicture(page, 'playground-data');
  });

  it('keeps no picture of the pages that were turned', async () => {
    await page.getByLabel('Mesh').focus(); // keys go to the page again
    for (let round = 0; round < 3; round++) {
      await press('Home', 0);
      for (let i = 1; i < 12; i++) await press('ArrowRight', i);
      await press('End', TRAIN - 1);
    }
    const open = () => page.evaluate(() => (window as unknown as { openBitmaps: number }).openBitmaps);
    await eventually(async () => expect(await open()).toBe(1));
  });

  it('is at the same sample again in another page that opens its link and the folder', async () => {
    await page.getByRole('combobox', { name: 'Split' }).selectOption('test');
    await isAt(0);
    await press('ArrowRight', 1);
    await page.getByLabel('Box', { exact: true }).uncheck();
    const link = page.url().slice(built.origin.length + 1);
    expect(link).toBe('#data?split=test&sample=1&box=0');
    const other = await built.open(link);
    await other.getByLabel('Folder of a prepared dataset').setInputFiles(set);
    await isAt(1, other);
    expect(await fact('sample', other).textContent()).toBe(dataset.annotation('test', 1).id);
    expect(await other.getByLabel('Box', { exact: true }).isChecked()).toBe(false);
    await other.close();
    await page.getByLabel('Box', { exact: true }).check();
  });

  it('takes a folder that is dropped, and says what is none', async () => {
    await dropFile(page.locator('.data.view'), 'dataset.json', new TextEncoder().encode('{}'));
    await page.getByRole('alert').filter({ hasText: 'the one that holds dataset.json, got dataset.json' }).waitFor();
    const dropped = await copyWith('dropped', () => Promise.resolve());
    await dropFolder(page, stage(), dropped);
    await page.getByText('dropped', { exact: true }).waitFor();
    await isAt(0);
    expect(await fact('sample').textContent()).toBe(dataset.annotation('train', 0).id);
  });

  it.each<[what: string, words: RegExp, change: (folder: string) => Promise<void>]>([
    ['a name that leaves it', /train\.json: images\[2\]\.file_name, got "\.\.\/\.\.\/secret\.jpg"/, (at) => editJson<Json>(join(at, 'train.json'), (json) => (json.images[2]!.file_name = '../../secret.jpg'))], // prettier-ignore
    ['fewer records than it promises', /expected 31 images and annotations in train\.json/, (at) => editJson<Json>(join(at, 'dataset.json'), (json) => (json.splits.train.count = 31))], // prettier-ignore
    ['another version of the format', /at format_version, expected 1, got 2/, (at) => editJson<Json>(join(at, 'dataset.json'), (json) => (json.format_version = 2))], // prettier-ignore
    ['JSON of something else', /train\.json is not a prepared dataset's: at its top level/, (at) => writeFile(join(at, 'train.json'), '[1, 2]')], // prettier-ignore
    ['no JSON', /dataset\.json is not JSON/, (at) => writeFile(join(at, 'dataset.json'), 'a letter')],
    ['no dataset.json', /dataset\.json: there is no such file in the folder hostile/, (at) => unlink(join(at, 'dataset.json'))], // prettier-ignore
    ['no split file', /train\.json: there is no such file/, (at) => unlink(join(at, 'train.json'))],
  ])('refuses a folder with %s, and keeps what it shows', async (_, words, change) => {
    await input().setInputFiles(await copyWith('hostile', change));
    await page.getByRole('alert').filter({ hasText: words }).first().waitFor();
    await page.getByText('dropped', { exact: true }).waitFor();
    await press('ArrowRight', 1);
    await press('Home', 0);
    await page.evaluate(() => document.querySelectorAll<HTMLElement>('.notice button').forEach((each) => each.click()));
  });

  it('names the files of a sample that cannot be read, and goes on', async () => {
    const bomb = encodePng({ width: 1, height: 1, data: Uint8Array.of(0, 0, 0) });
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(16, 60_000);
    const image = (i: number) => dataset.imageRecord('train', i).file_name;
    const damaged = await copyWith('damaged', async (at) => {
      await truncate(join(at, image(0)), 700);
      await unlink(join(at, image(1)));
      await writeFile(join(at, image(2)), bomb);
      await writeFile(join(at, image(3)), 'no picture');
      await writeFile(join(at, dataset.imageRecord('train', 4).mask_file_name!), encodePng({ width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE) })); // prettier-ignore
    });
    await input().setInputFiles(damaged);
    const says = (words: string | RegExp) => stage().getByText(words).first().waitFor();
    await isAt(0);
    await says(`Sample 0: ${image(0)}`);
    await press('ArrowRight', 1);
    await says(`Sample 1: ${image(1)}: there is no such file in the folder damaged.`);
    await press('ArrowRight', 2);
    await says(/Sample 2: .*expected 128 × 128 pixels as its record says, got 60000 × 1/);
    await press('ArrowRight', 3);
    await says(/Sample 3: .*cannot be read as an image: it is neither PNG nor JPEG/);
    await press('ArrowRight', 4);
    await says(/Sample 4: masks.*is not the file that was prepared: its SHA-256 is another/);
    expect(await page.locator('.thumbnail.broken').count()).toBeGreaterThanOrEqual(3);
    await press('ArrowRight', 5);
    expect(
      await stage()
        .getByText(/^Sample/)
        .count(),
    ).toBe(0);
  });

  it('works on a phone in the dark, with the keyboard alone, by the browser’s own way to open a folder', async () => {
    const phone = await built.open('#data', { width: 390, height: 844 }, true);
    await phone.getByText('Open the folder of a prepared dataset').waitFor();
    await answerPicker(phone, set);
    const isInput = () => phone.evaluate(() => document.activeElement?.matches('input[webkitdirectory]') ?? false);
    for (let i = 0; i < 20 && !(await isInput()); i++) await phone.keyboard.press('Tab');
    await phone.keyboard.press('Enter');
    await phone.getByText('picked', { exact: true }).waitFor();
    await isAt(0, phone);
    await phone.keyboard.press('End');
    await isAt(TRAIN - 1, phone);
    expect(await fact('sample', phone).textContent()).toBe(dataset.annotation('train', TRAIN - 1).id);
    expect(await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(areaOf(await skinMask(phone.getByRole('region', { name: '3D view' })))).toBeGreaterThan(0.03);
    await keepPicture(phone, 'playground-data-phone');
    await phone.close();
  });

  it('threw nothing and asked no other server for anything', () => {
    expect(built.complaints).toEqual([]);
  });
});
