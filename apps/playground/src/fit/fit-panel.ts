import { KEYPOINT_ORDERS, type KeypointOrderName } from '@opposable/keypoint-order';
import type { Side } from '@opposable/mano-layer/conventions';
import { choice, element } from '../dom.js';

/** What the panel asks for. */
export interface FitWishes {
  setSide(side: Side): void;
  setOrder(order: KeypointOrderName): void;
  open(file: File): void;
  /** Begins the fit, or stops it where it stands. */
  toggle(): void;
  goBack(): void;
  clear(): void;
  save(): void;
}

/** Files, what to click next, and the fit's buttons. */
export class FitPanel {
  readonly root: HTMLElement;
  readonly #next = element('p', { class: 'next', 'aria-live': 'polite' });
  readonly #start: HTMLButtonElement;
  readonly #undo: HTMLButtonElement;

  constructor(wishes: FitWishes, curve: HTMLElement) {
    const side = choice<Side>('Side', { left: 'Left', right: 'Right' }, 'right', (value) => wishes.setSide(value));
    const button = (label: string, click: () => void, look?: string): HTMLButtonElement =>
      element('button', { type: 'button', class: look, click }, label);
    this.#start = button('Fit', () => wishes.toggle(), 'primary');
    this.#undo = button('Undo', () => wishes.goBack());
    const buttons = [this.#start, this.#undo, button('Clear', () => wishes.clear()), button('JSON', () => wishes.save())]; // prettier-ignore
    this.root = element(
      'div',
      { class: 'panel' },
      element(
        'div',
        { class: 'model' },
        element('div', { class: 'row' }, element('strong', { class: 'model-name' }, 'Fit a hand to keypoints'), side.root), // prettier-ignore
        this.#next,
        ...filesPart(wishes),
      ),
      element('div', { class: 'export', role: 'group', 'aria-label': 'Fit' }, ...buttons),
      element('div', { class: 'curve-place' }, curve),
      element('p', { class: 'hint' }, 'Adam on orientation, 12 pose coefficients, shape, scale and place, from four starts side by side; the loss is the squared distance of the keypoints in lengths of the palm, and a little of pose and shape.'), // prettier-ignore
    );
  }

  show({ next, canGoBack, isRunning }: { next: string; canGoBack: boolean; isRunning: boolean }): void {
    if (this.#next.textContent !== next) this.#next.textContent = next;
    this.#undo.disabled = !canGoBack;
    this.#start.textContent = isRunning ? 'Stop' : 'Fit';
  }
}

/** Where a picture or keypoints are chosen, and in which order the keypoints are. */
function filesPart(wishes: FitWishes): HTMLElement[] {
  const order = element(
    'select',
    { 'aria-label': 'Order of loaded keypoints', change: () => wishes.setOrder(order.value as KeypointOrderName) },
    ...Object.keys(KEYPOINT_ORDERS).map((name) =>
      element('option', { value: name, selected: name === 'panoptic' }, name),
    ),
  );
  const input = element('input', {
    type: 'file',
    accept: 'image/*,.json',
    'aria-label': 'Picture or keypoints',
    change: () => {
      if (input.files?.[0]) wishes.open(input.files[0]);
      input.value = '';
    },
  });
  return [
    element('label', { class: 'dropzone' }, element('b', {}, 'A picture, or keypoints as JSON'), ': drop it or choose it. It stays in this page.', input), // prettier-ignore
    element('label', { class: 'row hint' }, 'Order of the keypoints in the file', order),
    element('p', { class: 'hint' }, 'With keys, on the picture: arrows move a cross, with Shift by single pixels; Enter sets a keypoint there, or takes the one that is there along until Enter again.'), // prettier-ignore
  ];
}
