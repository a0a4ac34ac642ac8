import { names, reorder } from '@opposable/keypoint-order';
import type { Page } from 'playwright-core';
import { type BuiltPage, openBuiltPage } from './test-support/built-page.js';
import { keepPicture } from './test-support/keep-picture.js';
import { keypointsOfAHand } from './test-support/keypoints-of-a-hand.js';
import { chromiumPath } from './test-support/open-browser.js';
import { areaOf, downloadOf, dropFile, skinMask } from './test-support/page-actions.js';

const missing = chromiumPath === undefined && process.env['CI'] !== 'true';
const PICTURE = { width: 800, height: 600 };

(missing ? describe.skip : describe)(missing ? 'the fit view (skipped: no Chromium)' : 'the fit view', () => {
  let built: BuiltPage;
  let page: Page;
  const raw = keypointsOfAHand();
  const points = reorder(raw, 'mano-raw', 'panoptic');
  const stage = () => page.getByRole('region', { name: 'Picture' });
  const json = async () =>
    JSON.parse((await downloadOf(page, 'JSON')).toString()) as {
      keypoints: ([number, number] | null)[];
      fitted?: { error: number; keypoints: number[] };
    };

  beforeAll(async () => {
    built = await openBuiltPage();
    page = await built.open('#fit');
    await page.getByText('Click keypoint 0').waitFor();
  });

  afterAll(async () => {
    await built?.close();
  });

  it('asks for one keypoint after the other and takes clicks', async () => {
    const box = (await page.locator('canvas.picture').boundingBox())!;
    const scale = Math.min(box.width / PICTURE.width, box.height / PICTURE.height);
    const [left, top] = [(box.width - scale * PICTURE.width) / 2, (box.height - scale * PICTURE.height) / 2];
    await page.getByRole('button', { name: 'Fit', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'needs the wrist' }).waitFor();
    for (const [x, y] of points) await page.mouse.click(box.x + left + scale * x, box.y + top + scale * y);
    await page.getByText('All 21 keypoints are there').waitFor();
    const { keypoints } = await json();
    keypoints.forEach((point, i) => expect(Math.hypot(point![0] - points[i]![0], point![1] - points[i]![1])).toBeLessThan(1)); // prettier-ignore
    await page.keyboard.press('Control+z');
    await page.getByText('Click keypoint 20').waitFor();
    await page.mouse.click(box.x + left + scale * points[20]![0], box.y + top + scale * points[20]![1]);
    await page.getByText('All 21 keypoints are there').waitFor();
  });

  it('fits a hand to them, which is drawn, and undo takes it away', async () => {
    const before = areaOf(await skinMask(stage()));
    await page.getByRole('button', { name: 'Fit', exact: true }).click();
    await page.getByRole('button', { name: 'Fit', exact: true }).waitFor({ timeout: 60_000 });
    const { fitted } = await json();
    const distances = points.map(([x, y], i) => Math.hypot(fitted!.keypoints[2 * i]! - x, fitted!.keypoints[2 * i + 1]! - y)); // prettier-ignore
    const mean = distances.reduce((a, b) => a + b) / 21;
    process.stdout.write(`playground: keypoints fitted to ${mean.toFixed(2)} px on average\n`);
    expect(mean).toBeCloseTo(fitted!.error, 2);
    expect(mean).toBeLessThan(6);
    expect(areaOf(await skinMask(stage())) - before).toBeGreaterThan(0.05);
    await keepPicture(page, 'playground-fit');
    await page.getByRole('button', { name: 'Undo' }).click();
    expect((await json()).fitted).toBeUndefined();
    expect(Math.abs(areaOf(await skinMask(stage())) - before)).toBeLessThan(0.01);
  });

  it('loads keypoints in a named order, and refuses what is none', async () => {
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('combobox', { name: 'Order of loaded keypoints' }).selectOption('mano-raw');
    await dropFile(stage(), 'points.json', new TextEncoder().encode(JSON.stringify({ keypoints: raw })));
    await page.getByText('All 21 keypoints are there').waitFor();
    const { keypoints } = await json();
    expect(names('panoptic')[8]).toBe('index4');
    expect(keypoints).toEqual(points);
    await dropFile(stage(), 'points.json', new TextEncoder().encode('[[1, 2]]'));
    await page.getByRole('alert').filter({ hasText: 'got 1 entries' }).waitFor();
    await dropFile(stage(), 'notes.txt', new TextEncoder().encode('no picture'));
    await page.getByRole('alert').filter({ hasText: 'expected a picture' }).waitFor();
  });

  it('takes keypoints by keys alone, on a phone, dark', async () => {
    const phone = await built.open('#fit', { width: 390, height: 844 }, true);
    await phone.getByText('Click keypoint 0').waitFor();
    const isCanvas = () => phone.evaluate(() => document.activeElement?.matches('canvas.picture') ?? false);
    for (let i = 0; i < 20 && !(await isCanvas()); i++) await phone.keyboard.press('Tab');
    const press = async (...keys: string[]) => {
      for (const key of keys) await phone.keyboard.press(key);
    };
    const found = async () => (JSON.parse((await downloadOf(phone, 'JSON')).toString()) as { keypoints: unknown[] }).keypoints; // prettier-ignore
    // a cross in the middle of 800 × 600, steps of 12
    await press('Enter', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'Enter');
    await press('ArrowUp', 'Shift+ArrowLeft', 'Enter');
    await phone.getByText('Click keypoint 2').waitFor();
    await press('ArrowDown', 'Shift+ArrowRight', 'Enter', 'ArrowRight', 'Enter', 'ArrowDown'); // the first one is taken along
    expect((await found()).slice(0, 3)).toEqual([[436, 288], [423, 276], null]); // prettier-ignore
    await phone.locator('canvas.picture').focus();
    await press('Control+z', 'Control+z');
    expect((await found()).slice(0, 2)).toEqual([[424, 288], null]); // prettier-ignore
    expect(await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await phone.close();
  });

  it('can be stopped', async () => {
    await page.getByRole('button', { name: 'Fit', exact: true }).click();
    await page.getByText(/mean error/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Fit', exact: true }).waitFor();
    expect((await json()).fitted!.error).toBeGreaterThan(0);
    expect(built.complaints).toEqual([]);
  });
});
