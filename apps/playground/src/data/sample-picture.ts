import type { KeypointOrderName } from '@opposable/keypoint-order';
import { element } from '../dom.js';
import type { Shown } from './data-state.js';
import { drawSample, tintOf } from './draw-sample.js';
import type { LoadedSample } from './load-sample.js';

/** The picture of a sample with what is drawn over it, and a sentence for each of its files that could not be read. */
export class SamplePicture {
  readonly root: HTMLElement;
  readonly #canvas = element('canvas', { class: 'sample', role: 'img' });
  readonly #problems = element('div', { class: 'problems', role: 'alert' });
  #drawn: { readonly sample: LoadedSample; readonly tint: OffscreenCanvas | undefined } | undefined;
  #how: { readonly order: KeypointOrderName; readonly shown: Shown } | undefined;

  constructor() {
    this.root = element('section', { class: 'stage', 'aria-label': 'Picture' }, this.#canvas, this.#problems);
    new ResizeObserver(() => this.#draw()).observe(this.root);
  }

  /** Takes the sample over: the picture of the one before is closed. */
  show(sample: LoadedSample, how: { readonly order: KeypointOrderName; readonly shown: Shown }): void {
    if (this.#drawn?.sample !== sample) {
      this.#drawn?.sample.picture?.close();
      this.#drawn = { sample, tint: sample.mask && tintOf(sample.mask) };
      this.#problems.replaceChildren(...sample.problems.map((text) => element('p', {}, `Sample ${sample.index}: ${text}`))); // prettier-ignore
      const { id, side } = sample.annotation;
      this.#canvas.setAttribute('aria-label', `Sample ${sample.index}, ${id}: a ${side} hand`);
    }
    this.#how = how;
    this.#draw();
  }

  #draw(): void {
    if (this.#drawn && this.#how && this.#canvas.clientWidth > 0) {
      drawSample(this.#canvas, this.#drawn.sample, this.#drawn.tint, this.#how);
    }
  }
}
