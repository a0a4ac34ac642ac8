import { loadOpenHand } from '@opposable/open-hand';
import { type BuiltPage, openBuiltPage } from './test-support/built-page.js';
import { farthest, type HandJson, positionsOf, posed } from './test-support/expected-hand.js';
import { chromiumPath } from './test-support/open-browser.js';
import { downloadOf } from './test-support/page-actions.js';

/** WebGPU on the processor: Chromium brings the driver along. */
const SWIFTSHADER = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

const missing = chromiumPath === undefined && process.env['CI'] !== 'true';
const skip = missing ? describe.skip : describe;

skip(missing ? 'the page on webgpu (skipped: no Chromium)' : 'the page on webgpu', () => {
  let built: BuiltPage;
  const open = async (path: string) => {
    const page = await built.open(path);
    page.setDefaultTimeout(120_000);
    await page.waitForSelector('.speed:not(:empty)');
    return page;
  };

  beforeAll(async () => {
    built = await openBuiltPage({ flags: SWIFTSHADER });
  });

  afterAll(async () => {
    await built?.close();
  });

  it('poses the hand as loops do, when the address asks for it', async () => {
    const page = await open('?backend=webgpu');
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

  it('takes wasm by itself where the only adapter computes on the processor, and refuses unknown backends', async () => {
    const page = await open('?backend=webgl');
    expect(await page.locator('.speed').textContent()).toMatch(/ ms on wasm$/);
    await page.getByText('The address asks for the backend “webgl”; accepted are webgpu and wasm.').waitFor();
    await page.close();
    expect(built.complaints).toEqual([]);
  });
});
