import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '@opposable/drawing';
import { synthesizeHand } from '@opposable/hand-synthesis';
import { synthesizeDataset } from '@opposable/hand-synthesis/node';
import type { HandRun } from '@opposable/hand-training';
import { reorder } from '@opposable/keypoint-order';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import type { Page } from 'playwright-core';
import { type BuiltPage, openBuiltPage } from './test-support/built-page.js';
import { keypointsOfAHand } from './test-support/keypoints-of-a-hand.js';
import { chromiumPath } from './test-support/open-browser.js';
import { countBitmaps } from './test-support/open-dataset-page.js';
import { areaOf, downloadOf, dropFile, dropFiles, eventually, settled, skinMask } from './test-support/page-actions.js';
import { exportedRegressor } from './test-support/test-networks.js';

const missing = chromiumPath === undefined && process.env['CI'] !== 'true';
const mano = '../../../tools/install-check/mano-sized-pickle.mjs';
const TABS = ['Hand', 'Photo', 'Fit', 'Data'] as const;
type Tab = (typeof TABS)[number];

(missing ? describe.skip : describe)(missing ? 'the tabs (skipped: no Chromium)' : 'the tabs', () => {
  let folder: string;
  let built: BuiltPage;
  let page: Page;
  let regressor: HandRun;
  const photos = () => page.getByRole('group', { name: 'Photos' }).getByRole('button');
  const open = async (tab: Tab) => {
    await page.getByRole('link', { name: tab, exact: true }).click();
    await page.locator(`.${tab.toLowerCase()}.view`).waitFor();
  };
  const json = async () => JSON.parse((await downloadOf(page, 'JSON')).toString()) as unknown;
  const scrolled = () => page.locator('.panel').evaluate((panel) => panel.scrollTop);
  /**
   * The 3D view's axes, which show where its camera is. They are drawn in the frame after a change and can be read at once, while
   * the hand below them comes to the screen when the machine has time.
   */
  const axes = () =>
    page.evaluate(async () => {
      for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
      return document.querySelector<HTMLCanvasElement>('.hand canvas.lines')!.toDataURL();
    });
  /** What a person sees of a tab. */
  const seen: Readonly<Record<Tab, () => Promise<unknown>>> = {
    Hand: async () => [await json(), await page.locator('.model-name').textContent(), await scrolled()],
    Photo: async () => [await json(), await photos().count(), await photos().nth(1).getAttribute('aria-pressed')],
    Fit: async () => [await json(), await page.locator('.curve').textContent()],
    Data: async () => [await page.locator('.facts td').allTextContents(), page.url()],
  };
  const counts = () =>
    page.evaluate(() => {
      const { _tfengine, openBitmaps } = window as unknown as {
        _tfengine: { memory(): { numTensors: number; numBytes: number } };
        openBitmaps: number;
      };
      const { numTensors, numBytes } = _tfengine.memory();
      return { numTensors, numBytes, openBitmaps, elements: document.querySelectorAll('*').length };
    });

  beforeAll(async () => {
    await prepareBackend('wasm');
    folder = await mkdtemp(join(tmpdir(), 'playground-tabs-'));
    const set = join(folder, 'hands');
    await synthesizeDataset({ out: set, seed: 'tabs', train: 3, test: 1, size: 64, workers: 0 });
    await mkdir(join(folder, 'small'));
    regressor = await exportedRegressor(join(folder, 'small'), 'small', 96);
    built = await openBuiltPage({ network: join(folder, 'small') });
    page = await built.open('');
    await countBitmaps(page);
    await page.reload();
    await page.waitForSelector('.speed:not(:empty)');
    const { manoSizedPickle } = (await import(mano)) as { manoSizedPickle: () => Uint8Array };
    await dropFile(page.getByRole('region', { name: '3D view' }), 'MANO_RIGHT.pkl', manoSizedPickle());
    await page.getByText('MANO_RIGHT.pkl: a right hand, read in this page.').waitFor();
    await page.getByText('Convention', { exact: true }).click();
    await open('Photo');
    const hands = [1, 2, 3].map((seed) => synthesizeHand(createRng(seed), loadOpenHand('right'), { size: 96 }).image);
    await dropFiles(page.getByRole('region', { name: 'Picture' }), Object.fromEntries(hands.map((image, i) => [`${i}.png`, encodePng(image)]))); // prettier-ignore
    await photos().nth(2).waitFor();
    await settled(page);
    await photos().nth(1).click();
    await page.getByRole('button', { name: 'Left', exact: true }).click();
    await settled(page);
    await open('Fit');
    const stage = page.getByRole('region', { name: 'Picture' });
    await dropFile(stage, 'hand.png', encodePng(hands[0]!));
    const keypoints = reorder(keypointsOfAHand(), 'mano-raw', 'panoptic');
    await dropFile(stage, 'points.json', new TextEncoder().encode(JSON.stringify({ keypoints })));
    await page.getByText('All 21 keypoints are there').waitFor();
    await page.getByRole('button', { name: 'Fit', exact: true }).click();
    await page.getByText(/mean error/).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await open('Data');
    await page.getByLabel('Folder of a prepared dataset').setInputFiles(set);
    await page.getByText('train, 3 samples').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Next sample' }).click();
    await page.waitForFunction(() => location.hash.includes('sample=1'));
  });

  afterAll(async () => {
    await built?.close();
    regressor?.dispose();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('show what they showed before, after others', async () => {
    await open('Hand');
    const model = await page.locator('.model-name').textContent();
    expect(model).toBe('MANO_RIGHT.pkl');
    const framed = await axes();
    await page.locator('canvas.scene').focus();
    for (const key of ['+', '+']) await page.keyboard.press(key);
    const near = await axes();
    await page.keyboard.press('ArrowRight');
    const turned = await axes();
    expect(new Set([framed, near, turned]).size).toBe(3);
    await page.locator('.panel').evaluate((panel) => panel.scrollTo(0, 150));
    const before = new Map<Tab, unknown>();
    for (const tab of TABS) {
      await open(tab);
      before.set(tab, await seen[tab]());
    }
    for (const tab of [...TABS].reverse()) {
      await open(tab);
      expect(await seen[tab]()).toEqual(before.get(tab));
    }
    expect(await axes()).toBe(turned);
    await eventually(async () => expect(areaOf(await skinMask(page.getByRole('region', { name: '3D view' })))).toBeGreaterThan(0.05)); // prettier-ignore
    await page.getByRole('link', { name: 'Opposable playground' }).click(); // the page's name leads to the hand as it is
    expect(await seen.Hand()).toEqual(before.get('Hand'));
    expect(await axes()).toBe(turned);
    for (const back of ['Photo', 'Fit', 'Data'] as const) {
      await page.goBack();
      await page.locator(`.${back.toLowerCase()}.view`).waitFor();
      expect(await seen[back]()).toEqual(before.get(back));
    }
  });

  it('keep the 3D view as it was turned when the window changes', async () => {
    await open('Hand');
    const [before, size] = [await axes(), page.viewportSize()!];
    await page.setViewportSize({ width: 390, height: 844 });
    await eventually(async () => expect(await axes()).not.toBe(before));
    await page.setViewportSize(size);
    await eventually(async () => expect(await axes()).toBe(before));
  });

  it('keep a change that the address had no time for', async () => {
    await open('Hand');
    await page.getByLabel('β0 as a number').fill('1.25');
    await page.keyboard.press('Enter');
    await open('Fit');
    await open('Hand');
    expect(await page.getByLabel('β0 as a number').inputValue()).toBe('1.25');
    await page.waitForFunction(() => location.hash.includes('betas=1.25'));
  });

  it('leave nothing behind when they are changed again and again', async () => {
    const round = async () => {
      for (const tab of TABS) await open(tab);
      await settled(page);
      return counts();
    };
    const first = await round();
    expect(first.numTensors).toBeGreaterThan(0);
    for (let i = 1; i < 10; i++) await round();
    expect(await round()).toEqual(first);
    expect(built.complaints).toEqual([]);
  });

  it.each([
    [390, 844],
    [1280, 800],
  ])('say times and errors where these cover nothing, on %i × %i pixels', async (width, height) => {
    await page.setViewportSize({ width, height });
    for (const tab of ['Hand', 'Photo', 'Fit'] as const) {
      await open(tab);
      const said = page.locator('.speed');
      const { x, y } = (await said.boundingBox())!;
      const right = await said.evaluate((pill) => pill.getBoundingClientRect().right);
      expect(right).toBeLessThanOrEqual(width);
      for (const canvas of await page.locator('.stage:has(> .speed) > canvas').all()) {
        const area = (await canvas.boundingBox())!; // none while it is hidden
        if (area !== null) expect([tab, y >= area.y + area.height || x >= area.x + area.width]).toEqual([tab, true]);
      }
    }
  });
});
