import type { CDPSession, Locator, Page } from 'playwright-core';
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** Drops a folder of this machine on an element, by the browser's own drag and drop. */
export async function dropFolder(page: Page, target: Locator, folder: string): Promise<void> {
  const box = (await target.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const session: CDPSession = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x, y, data });
  }
  await session.detach();
}

/**
 * Puts a folder of this machine into the page's private file system and lets `showDirectoryPicker` answer with it: real
 * handles, without the system's dialogue, which a browser without a window cannot show.
 */
export async function answerPicker(page: Page, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return [relative(folder, path), (await readFile(path)).toString('base64')] as const;
      }),
  );
  await page.evaluate(async (all) => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('picked', { create: true });
    for (const [path, base64] of all) {
      const parts = path.split('/');
      let place = root;
      for (const part of parts.slice(0, -1)) place = await place.getDirectoryHandle(part, { create: true });
      const writer = await (await place.getFileHandle(parts.at(-1)!, { create: true })).createWritable();
      await writer.write(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
      await writer.close();
    }
    (window as unknown as { showDirectoryPicker: () => Promise<unknown> }).showDirectoryPicker = () =>
      Promise.resolve(root);
  }, files);
}

/** Counts the bitmaps that a page makes and does not close, as `openBitmaps` of its window. */
export async function countBitmaps(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counted = window as unknown as { openBitmaps: number };
    counted.openBitmaps = 0;
    const make = window.createImageBitmap.bind(window) as (...given: unknown[]) => Promise<ImageBitmap>;
    Object.assign(window, {
      createImageBitmap: async (...given: unknown[]) => {
        const made = await make(...given);
        counted.openBitmaps++;
        const close = made.close.bind(made);
        made.close = () => {
          counted.openBitmaps--;
          close();
        };
        return made;
      },
    });
  });
}

/** A copy of a dataset in which something is changed. */
export async function changedCopy(dataset: string, name: string, change: (folder: string) => Promise<void>) {
  const folder = join(await mkdtemp(join(tmpdir(), 'playground-copy-')), name);
  await cp(dataset, folder, { recursive: true });
  await change(folder);
  return folder;
}

/** Changes a JSON file of a copy. */
export async function editJson<T>(file: string, change: (json: T) => void): Promise<void> {
  const json = JSON.parse(await readFile(file, 'utf8')) as T;
  change(json);
  await writeFile(file, JSON.stringify(json));
}
