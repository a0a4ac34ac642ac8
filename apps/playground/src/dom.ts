type Child = Node | string | undefined | false;

/** Attributes and listeners of an element; `class`, `aria-…` and `data-…` as in HTML, listeners as functions. */
type Attributes = Readonly<Record<string, string | number | boolean | ((event: never) => void) | undefined>>;

/** An element of the page with its attributes, listeners and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value as EventListener);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return made;
}

/** A titled part of the panel that opens and closes. */
export function section(title: string, { open = false, hint = '' }, ...children: readonly Child[]): HTMLDetailsElement {
  const summary = element('summary', {}, element('span', {}, title), hint !== '' && element('small', {}, hint));
  return element('details', { class: 'section', open }, summary, element('div', { class: 'body' }, ...children));
}

/** Buttons of which one is pressed. */
export function choice<T extends string>(
  label: string,
  options: Readonly<Record<T, string>>,
  chosen: T,
  choose: (value: T) => void,
): { readonly root: HTMLElement; set(value: T): void } {
  const buttons = (Object.entries(options) as [T, string][]).map(([value, text]) =>
    element('button', { type: 'button', 'data-value': value, click: () => (set(value), choose(value)) }, text),
  );
  const set = (value: T): void =>
    buttons.forEach((button) => button.setAttribute('aria-pressed', String(button.dataset['value'] === value)));
  set(chosen);
  return { root: element('div', { class: 'choice', role: 'group', 'aria-label': label }, ...buttons), set };
}

/** A labelled tick. */
export function toggle(label: string, checked: boolean, change: (checked: boolean) => void): HTMLLabelElement {
  const input = element('input', { type: 'checkbox', checked, change: () => change(input.checked) });
  return element('label', { class: 'toggle' }, input, label);
}

/** Offers bytes for download under a name. */
export function download(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  element('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
