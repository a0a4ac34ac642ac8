import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is, undefined where there is none. */
export const chromiumPath = PLACES.find((path) => path !== undefined && existsSync(path));

/* prettier-ignore */
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
];

/** A browser without a window that draws WebGL on the processor. */
export function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('expected Chromium, as of `apt-get install chromium`, got none.');
  return chromium.launch({ executablePath: chromiumPath, args: [...FLAGS, ...flags] });
}
