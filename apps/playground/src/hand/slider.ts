import { element } from '../dom.js';

export interface SliderOptions {
  readonly label: string;
  readonly title?: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly unit?: string | undefined;
  readonly value: number;
  readonly change: (value: number) => void;
}

/** A slider with its number, which may be typed; a double click on the name sets it to zero. */
export function slider(options: SliderOptions): { readonly root: HTMLElement; set(value: number): void } {
  const { label, title, from, to, step, unit = '', change } = options;
  const digits = step >= 1 ? 0 : 2;
  const range = element('input', { type: 'range', min: from, max: to, step, 'aria-label': label, title });
  const number = element('input', { type: 'number', min: from, max: to, step, 'aria-label': `${label} as a number` });
  const show = (value: number): void => {
    range.value = String(value);
    number.value = value.toFixed(digits);
    const place = (100 * (Math.min(to, Math.max(from, value)) - from)) / (to - from);
    const zero = (100 * (Math.min(to, Math.max(from, 0)) - from)) / (to - from);
    range.style.setProperty('--low', `${Math.min(zero, place)}%`);
    range.style.setProperty('--high', `${Math.max(zero, place)}%`);
  };
  const take = (value: number): void => {
    if (!Number.isFinite(value)) return;
    show(value);
    change(value);
  };
  range.addEventListener('input', () => take(Number(range.value)));
  number.addEventListener('change', () => take(Math.min(to, Math.max(from, Number(number.value)))));
  const name = element('span', { class: 'name', title: title ?? label, dblclick: () => take(0) }, label);
  show(options.value);
  const root = element('label', { class: 'slider' }, name, range, number, element('span', { class: 'unit' }, unit));
  return { root, set: show };
}
