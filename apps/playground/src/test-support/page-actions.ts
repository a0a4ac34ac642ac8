import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import type { Locator, Page } from 'playwright-core';

/** Drops a file on an element as a user does: the page sees the events of a drag that ends there. */
export async function dropFile(target: Locator, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await target.page().evaluateHandle(
    ([fileName, base64]) => {
      const made = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      made.items.add(new File([content], fileName));
      return made;
    },
    [name, Buffer.from(bytes).toString('base64')] as const,
  );
  for (const event of ['dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer: transfer });
  await transfer.dispose();
}

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
