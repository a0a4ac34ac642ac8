import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { app } from './shared-build.js';

/** Writes what a page shows to docs/images where `OPPOSABLE_SCREENSHOTS=1` asks for it; tests leave the sources as they are. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env['OPPOSABLE_SCREENSHOTS'] !== '1') return;
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(app, '../../docs/images', `${name}.jpg`), type: 'jpeg', quality: 85 });
}
