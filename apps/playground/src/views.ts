import { keepScroll } from './keep-scroll.js';

/** What a tab shows. It is made when its tab is first opened, and lives as long as the page. */
export interface View {
  readonly root: HTMLElement;
  /** Shows what another link says. */
  restore(link: string): void;
  /** It is in the page again, as it was left. */
  enter?(): void;
  /** Another tab is shown from now on. */
  leave?(): void;
}

/** A view that was opened, and how its tab was left. */
interface Opened {
  readonly view: View;
  /** What the address said of it then. */
  link: string;
  scroll: () => void;
}

/** The views of a page, of which one is shown. Those that are not keep what a person gave them. */
export class Views {
  readonly #place: HTMLElement;
  readonly #makers: Readonly<Record<string, (link: string) => View | Promise<View>>>;
  readonly #opened = new Map<string, Promise<Opened>>();
  #shown: { readonly name: string; readonly opened: Opened } | undefined;
  #asked = 0;

  /** @param makers make a view from its link, by name */
  constructor(place: HTMLElement, makers: Readonly<Record<string, (link: string) => View | Promise<View>>>) {
    this.#place = place;
    this.#makers = makers;
  }

  get names(): readonly string[] {
    return Object.keys(this.#makers);
  }

  /** The name of the view that is shown. */
  get shown(): string | undefined {
    return this.#shown?.name;
  }

  /** Remembers how the view that is shown is left, before another one is. */
  leave(link: string): void {
    if (this.#shown === undefined) return;
    const { opened } = this.#shown;
    opened.link = link;
    opened.scroll = keepScroll(opened.view.root);
    opened.view.leave?.();
    this.#shown = undefined;
  }

  /** Shows a view. One that was opened before is as it was left, unless the link says something else than then. */
  async show(name: string, link: string): Promise<void> {
    const turn = ++this.#asked;
    if (this.#shown?.name === name) return this.#shown.opened.view.restore(link);
    const opened = await this.#open(name, link);
    if (turn !== this.#asked) return; // another tab was chosen meanwhile
    this.#shown = { name, opened };
    this.#place.replaceChildren(opened.view.root);
    opened.scroll();
    if (link === opened.link) opened.view.enter?.();
    else opened.view.restore(link);
  }

  #open(name: string, link: string): Promise<Opened> {
    let opening = this.#opened.get(name);
    if (opening === undefined) {
      opening = Promise.resolve(this.#makers[name]!(link)).then((view) => ({ view, link, scroll: () => undefined }));
      this.#opened.set(name, opening);
      opening.catch(() => this.#opened.delete(name)); // the next click tries again
    }
    return opening;
  }
}
