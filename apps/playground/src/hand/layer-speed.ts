import { element } from '../dom.js';

const KEPT = 31;

/** The median time of the layer's last runs, in a corner of the picture. */
export class LayerSpeed {
  readonly root = element('output', { class: 'speed', 'aria-label': 'Time of the layer' });
  readonly #backend: string;
  #times: number[] = [];

  /** @param backend what computes, in words */
  constructor(backend: string) {
    this.#backend = backend;
  }

  add(milliseconds: number): void {
    this.#times = [...this.#times.slice(1 - KEPT), milliseconds];
    const middle = [...this.#times].sort((a, b) => a - b)[Math.floor(this.#times.length / 2)]!;
    this.root.textContent = `layer ${middle.toFixed(2)} ms on ${this.#backend}`;
    this.root.title = `Median of the last ${this.#times.length} updates, from numbers to vertices read back.`;
  }
}
