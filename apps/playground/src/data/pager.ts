import { element } from '../dom.js';
import { SHEET_SIZE } from './contact-sheet.js';

/** Buttons and a number for the place in a split, and the keys that do the same. */
export class Pager {
  readonly root: HTMLElement;
  readonly #number = element('input', {
    type: 'number',
    min: 0,
    step: 1,
    'aria-label': 'Number of the sample',
    change: () => this.#go(Number(this.#number.value)),
  });
  readonly #last = element('span', { class: 'of' });
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #turn: (index: number) => void;
  #index = 0;
  #count = 0;

  constructor(turn: (index: number) => void) {
    this.#turn = turn;
    const button = (text: string, label: string, to: () => number): HTMLButtonElement =>
      element('button', { type: 'button', 'aria-label': label, title: label, click: () => this.#go(to()) }, text);
    this.#buttons = [
      button('«', 'First sample', () => 0),
      button('‹', 'Previous sample', () => this.#index - 1),
      button('›', 'Next sample', () => this.#index + 1),
      button('»', 'Last sample', () => this.#count - 1),
    ];
    const [first, previous, next, last] = this.#buttons;
    this.root = element(
      'div',
      { class: 'pager', role: 'group', 'aria-label': 'Samples' },
      ...[first, previous, this.#number, this.#last, next, last],
    );
    this.set(0, 0);
  }

  set(index: number, count: number): void {
    [this.#index, this.#count] = [index, count];
    this.#number.value = String(index);
    this.#number.max = String(Math.max(0, count - 1));
    this.#last.textContent = count === 0 ? '' : `of 0 – ${count - 1}`;
    this.#buttons.forEach((button, i) => (button.disabled = count === 0 || index === (i < 2 ? 0 : count - 1)));
    this.#number.disabled = count === 0;
  }

  /** Turns a page if the key is one of those that do. Keys in a field, or in the 3D picture, belong to these. */
  key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const isTaken = target.matches('input[type=number], select, .scene');
    if (this.#count === 0 || isTaken || event.ctrlKey || event.metaKey || event.altKey) return;
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: this.#index - 1,
      ArrowRight: this.#index + 1,
      PageUp: this.#index - SHEET_SIZE,
      PageDown: this.#index + SHEET_SIZE,
      Home: 0,
      End: this.#count - 1,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    this.#go(place);
  }

  #go(index: number): void {
    const place = Math.min(this.#count - 1, Math.max(0, Math.round(index)));
    if (Number.isFinite(place) && place !== this.#index) this.#turn(place);
    else this.#number.value = String(this.#index);
  }
}
