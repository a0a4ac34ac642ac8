/** Says of an element whether work for it goes on: `aria-busy`, which assistive software hears of and the style shows. */
export class Busy {
  readonly #root: HTMLElement;
  #count = 0;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** The element is busy from this call on until this work, and all that was begun meanwhile, is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#add(1);
    try {
      return await work();
    } finally {
      this.#add(-1);
    }
  }

  #add(change: 1 | -1): void {
    this.#count += change;
    this.#root.setAttribute('aria-busy', String(this.#count > 0));
  }
}
