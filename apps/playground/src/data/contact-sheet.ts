import type { PreparedSplit } from '@opposable/hand-datasets';
import { element } from '../dom.js';
import { sentenceOf } from '../notices.js';
import type { DatasetFolder } from './dataset-folder.js';
import { decodeImage, readImageFile } from './read-image-file.js';

export const SHEET_SIZE = 12;
const SIDE = 96;

/** Small pictures of the samples around the one that is shown, to choose from. */
export class ContactSheet {
  readonly root = element('div', { class: 'sheet', role: 'group', 'aria-label': 'Contact sheet' });
  readonly #choose: (index: number) => void;
  #split: PreparedSplit | undefined;
  #first = -1;

  constructor(choose: (index: number) => void) {
    this.#choose = choose;
  }

  /** Marks a sample; another block of the split, or another split, is read and drawn anew. */
  show(folder: DatasetFolder, split: PreparedSplit, index: number): void {
    const first = index - (index % SHEET_SIZE);
    if (split !== this.#split || first !== this.#first) {
      [this.#split, this.#first] = [split, first];
      const last = Math.min(split.count, first + SHEET_SIZE);
      this.root.replaceChildren(
        ...Array.from({ length: last - first }, (_, k) => this.#thumbnail(folder, split, first + k)),
      );
    }
    [...this.root.children].forEach((child, k) => child.toggleAttribute('aria-current', first + k === index));
  }

  #thumbnail(folder: DatasetFolder, split: PreparedSplit, index: number): HTMLElement {
    const canvas = element('canvas', { width: SIDE, height: SIDE });
    const button = element(
      'button',
      { type: 'button', class: 'thumbnail', 'aria-label': `Sample ${index}`, click: () => this.#choose(index) },
      canvas,
      element('span', {}, String(index)),
    );
    this.#draw(canvas, folder, split, index).catch((error: unknown) => {
      button.classList.add('broken');
      button.title = sentenceOf(error, `Reading sample ${index}`);
    });
    return button;
  }

  async #draw(canvas: HTMLCanvasElement, folder: DatasetFolder, split: PreparedSplit, index: number): Promise<void> {
    const { file_name: name, width, height } = split.imageRecord(index);
    const file = await readImageFile(folder, name, { width, height });
    const scale = SIDE / Math.max(width, height);
    const [shownWidth, shownHeight] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    const options: ImageBitmapOptions = { resizeWidth: shownWidth, resizeHeight: shownHeight, resizeQuality: 'medium' };
    const picture = await decodeImage(file, name, options);
    canvas.getContext('2d')!.drawImage(picture, (SIDE - shownWidth) / 2, (SIDE - shownHeight) / 2);
    picture.close();
  }
}
