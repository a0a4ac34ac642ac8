import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { relativeError } from './test-support/compare.js';
import { serveTestPage } from './test-support/browser/serve.js';
import { type ShortTraining, trainShortly } from './test-support/browser/train-in-browser.js';

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
/* prettier-ignore */
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

const missing = executablePath === undefined && process.env['CI'] !== 'true';
const where = missing ? 'in a browser (skipped: no Chromium; install it or set CHROMIUM)' : 'in a browser';

(missing ? describe.skip : describe)(where, () => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serveTestPage>>;
  let inNode: ShortTraining;

  beforeAll(async () => {
    if (executablePath === undefined) throw new Error('expected Chromium, as of `apt-get install chromium`, got none.');
    served = await serveTestPage();
    browser = await chromium.launch({ executablePath, args: FLAGS });
    inNode = await trainShortly();
  });

  afterAll(async () => {
    await browser?.close();
    served?.close();
  });

  it.each([
    ['on the page', '/', 'trainOnPage'],
    ['in a module worker', '/', 'trainInWorker'],
    ['on a cross-origin isolated page, on the shared memory of the threaded backend', '/isolated', 'trainOnPage'],
  ] as const)('model.fit %s learns as in Node', async (_name, path, how) => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${served.origin}${path}`);
    const isolated = await page.evaluate(() => crossOriginIsolated);
    expect(isolated).toBe(path === '/isolated');
    const found = (await page.evaluate(
      (name) => (window as unknown as Record<string, () => Promise<unknown>>)[name]!(),
      how,
    )) as ShortTraining;
    await page.close();
    expect(errors).toEqual([]);
    // Chromium has relaxed SIMD; Node 20 does not show it, and rounds twice.
    expect(found.registration).toMatchObject({ registered: true });
    expect(found.losses).toHaveLength(12);
    expect(found.losses[11]!).toBeLessThan(0.8 * found.losses[0]!);
    expect(relativeError(found.losses, inNode.losses)).toBeLessThan(1e-4);
    expect(found.leaked).toBe(inNode.leaked);
  });
});
