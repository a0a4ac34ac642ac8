import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromiumPath, openBrowser } from './test-support/open-browser.js';
import { areaOf, skinMask } from './test-support/page-actions.js';
import { app } from './test-support/shared-build.js';

const missing = chromiumPath === undefined && process.env['CI'] !== 'true';
const STARTS_MS = 240_000; // the first start bundles the dependencies

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

(missing ? describe.skip : describe)(
  missing ? 'the development server (skipped: no Chromium)' : 'the development server',
  () => {
    let server: ChildProcess | undefined;
    let browser: Browser | undefined;

    afterAll(async () => {
      await browser?.close();
      server?.kill();
    });

    it('shows a hand', async () => {
      const port = await freePort();
      const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
      server = spawn(process.execPath, [vite, '--host', '127.0.0.1', '--port', String(port), '--strictPort'], {
        cwd: app,
      });
      browser = await openBrowser();
      const page = await browser.newPage();
      page.setDefaultTimeout(STARTS_MS);
      const thrown: string[] = [];
      page.on('pageerror', ({ message }) => thrown.push(message));
      const end = Date.now() + STARTS_MS;
      const opened = async (): Promise<boolean> => page.goto(`http://127.0.0.1:${port}/`).then(() => true, () => false); // prettier-ignore
      while (!(await opened()) && Date.now() < end) await page.waitForTimeout(500);
      await page.waitForSelector('.speed:not(:empty)');
      expect(areaOf(await skinMask(page.getByRole('region', { name: '3D view' })))).toBeGreaterThan(0.08);
      for (const [tab, words] of [
        ['Fit', 'Click keypoint 0'],
        ['Data', 'Open the folder of a prepared dataset'],
      ] as const) {
        await page.getByRole('link', { name: tab }).click();
        await page.getByText(words).waitFor();
      }
      expect(thrown).toEqual([]);
    });
  },
);
