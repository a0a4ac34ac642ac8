import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './open-browser.js';
import { serveFolder } from './serve-folder.js';
import { sharedBuild } from './shared-build.js';

/** The page as Vite builds it, served, in a browser. */
export interface BuiltPage {
  readonly origin: string;
  readonly browser: Browser;
  /** What any page of it threw or asked of another server. */
  readonly complaints: string[];
  open(path: string, size?: { readonly width: number; readonly height: number }, dark?: boolean): Promise<Page>;
  close(): Promise<void>;
}

export interface BuiltPageOptions {
  /** Folder of the network that lies beside the page. Default: there is none. */
  readonly network?: string | undefined;
  /** More flags of Chromium. */
  readonly flags?: readonly string[] | undefined;
}

/** Builds the page if nobody has, serves it, and starts a browser. */
export async function openBuiltPage({ network, flags }: BuiltPageOptions = {}): Promise<BuiltPage> {
  const more: Record<string, string> = network === undefined ? {} : { '/models/regressor/': network };
  const server = await serveFolder(await sharedBuild(), more);
  const browser = await openBrowser(flags);
  const complaints: string[] = [];
  const open: BuiltPage['open'] = async (path, viewport = { width: 1280, height: 800 }, dark = false) => {
    const page = await browser.newPage({ viewport, acceptDownloads: true, colorScheme: dark ? 'dark' : 'light' });
    page.setDefaultTimeout(60_000); // two tests share two cores, and the browser draws on them
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
  };
  return { origin: server.origin, browser, complaints, open, close };
}
