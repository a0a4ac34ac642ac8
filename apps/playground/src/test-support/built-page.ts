import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './open-browser.js';
import { serveFolder } from './serve-folder.js';

const app = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The page as Vite builds it, served, in a browser. */
export interface BuiltPage {
  readonly origin: string;
  readonly browser: Browser;
  /** What any page of it threw or asked of another server. */
  readonly complaints: string[];
  open(path: string, size?: { readonly width: number; readonly height: number }, dark?: boolean): Promise<Page>;
  close(): Promise<void>;
}

/** Builds into a folder of its own, so that what somebody built before stays. */
export async function openBuiltPage(): Promise<BuiltPage> {
  const folder = mkdtempSync(join(tmpdir(), 'playground-'));
  const built = spawnSync('npx', ['vite', 'build', '--logLevel', 'error', '--emptyOutDir', '--outDir', folder], {
    cwd: app,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`${built.stdout}\n${built.stderr}`);
  const server = await serveFolder(folder);
  const browser = await openBrowser();
  const complaints: string[] = [];
  const open: BuiltPage['open'] = async (path, viewport = { width: 1280, height: 800 }, dark = false) => {
    const page = await browser.newPage({ viewport, acceptDownloads: true, colorScheme: dark ? 'dark' : 'light' });
    page.setDefaultTimeout(20_000);
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(data|blob):/.test(url) && !url.startsWith(server.origin)) complaints.push(url);
    });
    await page.goto(`${server.origin}/${path}`);
    return page;
  };
  const close = async (): Promise<void> => {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { origin: server.origin, browser, complaints, open, close };
}
