import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '@opposable/drawing';
import { synthesizeHand } from '@opposable/hand-synthesis';
import { type HandRun, predictHand } from '@opposable/hand-training';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { prepareBackend } from '@opposable/training';
import { type BuiltPage, openBuiltPage } from './test-support/built-page.js';
import { farthest, type HandJson, positionsOf, posed } from './test-support/expected-hand.js';
import { keypointsOfAHand } from './test-support/keypoints-of-a-hand.js';
import { chromiumPath } from './test-support/open-browser.js';
import { downloadOf, dropFile, eventually } from './test-support/page-actions.js';
import { exportedRegressor } from './test-support/test-networks.js';

/** WebGPU on the processor: Chromium brings the driver along. */
const SWIFTSHADER = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

const missing = chromiumPath === undefined && process.env['CI'] !== 'true';
const skip = missing ? describe.skip : describe;

skip(missing ? 'the page on webgpu (skipped: no Chromium)' : 'the page on webgpu', () => {
  let built: BuiltPage;
  let folder: string;
  let regressor: HandRun;
  const open = async (path: string) => {
    const page = await built.open(path);
    page.setDefaultTimeout(120_000);
    return page;
  };

  beforeAll(async () => {
    await prepareBackend('wasm');
    folder = await mkdtemp(join(tmpdir(), 'playground-webgpu-'));
    regressor = await exportedRegressor(folder, 'small', 64);
    built = await openBuiltPage({ flags: SWIFTSHADER, network: folder });
  });

  afterAll(async () => {
    await built?.close();
    regressor?.dispose();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('poses the hand as loops do, when the address asks for it', async () => {
    const page = await open('?backend=webgpu');
    await page.waitForSelector('.speed:not(:empty)');
    expect(await page.locator('.speed').textContent()).toMatch(/^layer \d+\.\d\d ms on webgpu \(google swiftshader\)$/);
    await page.getByRole('slider', { name: 'Breadth', exact: false }).first().focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    await page.getByLabel('c0 as a number').fill('1.5');
    const hand = JSON.parse((await downloadOf(page, 'JSON')).toString()) as HandJson;
    expect(hand.betas[1]).not.toBe(0);
    const expected = posed(loadOpenHand('right'), hand);
    expect(farthest(hand.joints.flat(), expected.joints)).toBeLessThan(5e-6);
    expect(farthest(positionsOf(await downloadOf(page, 'OBJ')), expected.vertices)).toBeLessThan(5e-6);
    await page.close();
  });

  it('fits a hand to keypoints: its gradient is there too', async () => {
    const page = await open('?backend=webgpu#fit');
    await page.getByText('Click keypoint 0').waitFor();
    await page.getByRole('combobox', { name: 'Order of loaded keypoints' }).selectOption('mano-raw');
    await dropFile(page.getByRole('region', { name: 'Picture' }), 'points.json', Buffer.from(JSON.stringify(keypointsOfAHand()))); // prettier-ignore
    await page.getByText('All 21 keypoints are there').waitFor();
    await page.getByRole('button', { name: 'Fit', exact: true }).click();
    const error = async () => Number(/[\d.]+/.exec((await page.getByText(/mean error/).textContent())!)![0]);
    const first = await error();
    await eventually(async () => expect(await error()).toBeLessThan(0.8 * first));
    await page.close();
  });

  it('predicts the hand of a picture as wasm does', async () => {
    const { image } = synthesizeHand(createRng(5), loadOpenHand('right'), { size: 240 });
    const page = await open('?backend=webgpu#photo');
    await page.getByText('small, 64 × 64 pixels').waitFor();
    await dropFile(page.getByRole('region', { name: 'Picture' }), 'hand.png', encodePng(image));
    await page.getByText(/ms on webgpu$/).waitFor();
    const hand = JSON.parse((await downloadOf(page, 'JSON')).toString()) as { keypoints_pixels: number[][] };
    const expected = await predictHand(regressor.model, regressor.layer, image);
    expect(farthest(hand.keypoints_pixels.flat(), expected.keypoints)).toBeLessThan(0.05);
    await page.close();
  });

  it('takes wasm by itself where the only adapter computes on the processor, and refuses unknown backends', async () => {
    const page = await open('?backend=webgl');
    await page.waitForSelector('.speed:not(:empty)');
    expect(await page.locator('.speed').textContent()).toMatch(/ ms on wasm$/);
    await page.getByText('The address asks for the backend “webgl”; accepted are webgpu and wasm.').waitFor();
    await page.close();
    expect(built.complaints).toEqual([]);
  });
});
