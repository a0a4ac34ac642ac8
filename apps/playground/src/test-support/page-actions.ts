import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import type { JSHandle, Locator, Page } from 'playwright-core';

/** Files as a drag or a clipboard of the page holds them. */
export function transferOf(page: Page, files: Readonly<Record<string, Uint8Array>>): Promise<JSHandle<DataTransfer>> {
  const contents = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')] as const);
  return page.evaluateHandle((all) => {
    const made = new DataTransfer();
    for (const [name, base64] of all) {
      const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      made.items.add(new File([content], name));
    }
    return made;
  }, contents);
}

/** Drops a file on an element as a user does. */
export const dropFile = (target: Locator, name: string, bytes: Uint8Array): Promise<void> =>
  dropFiles(target, { [name]: bytes });

/** Drops files together: the page sees the events of a drag that ends there. */
export async function dropFiles(target: Locator, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const transfer = await transferOf(target.page(), files);
  for (const event of ['dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer: transfer });
  await transfer.dispose();
}

/**
 * Repeats checks until they hold: a picture follows what caused it within a frame, which takes as long as the machine is busy.
 *
 * @throws the last failure, when a minute has passed
 */
export async function eventually<T>(check: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + 60_000; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }
}

/** Waits until the page's view has nothing left to do. Its pictures follow: {@link eventually}. */
export const settled = (page: Page): Promise<void> => page.locator('.view:not([aria-busy="true"])').waitFor();

/** Clicks a button and reads the file that it offers. */
export async function downloadOf(page: Page, button: string): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  return readFile(await download.path());
}

/** Clicks a slider's track at a fraction of its width. */
export async function clickSlider(page: Page, label: string, at: number): Promise<void> {
  const track = page.getByRole('slider', { name: label, exact: true });
  await track.scrollIntoViewIfNeeded();
  const box = (await track.boundingBox())!;
  await page.mouse.click(box.x + at * box.width, box.y + box.height / 2);
}

/** A picture of an element that has come to rest: three in a row are the same. */
export async function stillPicture(target: Locator): Promise<Buffer> {
  let [last, same] = [await target.screenshot(), 0];
  for (let tries = 0; same < 2 && tries < 50; tries++) {
    await target.page().waitForTimeout(150);
    const next = await target.screenshot();
    same = next.equals(last) ? same + 1 : 0;
    last = next;
  }
  return last;
}

/** Which pixels of an element have the colour of skin: clearly more red than blue. Row-major, one byte a pixel. */
export async function skinMask(target: Locator): Promise<Uint8Array> {
  const { data, channels, width, height } = decode(await target.screenshot());
  return Uint8Array.from({ length: width * height }, (_, i) =>
    data[i * channels]! - data[i * channels + 2]! > 25 ? 1 : 0,
  );
}

export const areaOf = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0) / mask.length;

/** How much of two masks' union is not in both. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  const either = a.reduce((sum, value, i) => sum + (value | b[i]!), 0);
  return a.reduce((sum, value, i) => sum + (value ^ b[i]!), 0) / either;
}
