import { element, section } from '../dom.js';
import { conventionPanel } from './convention-panel.js';
import type { HandState } from './hand-state.js';
import type { HandWishes } from './hand-wishes.js';
import { coefficientSliders, jointSliders, shapeSliders } from './joint-sliders.js';
import { exportPart, modelPart } from './model-part.js';
import { orderTable } from './order-table.js';
import type { HandSource } from './posed-hand.js';

type Title = 'Shape' | 'Pose' | 'Joints' | 'Convention' | 'Keypoint orders';

/** Numbers, convention, orders and files of a hand. Parts that the user opened stay open when it is filled anew. */
export class HandPanel {
  readonly root = element('div', { class: 'panel', tabindex: -1 });
  readonly #wishes: HandWishes;
  #parts: Partial<Record<Title, HTMLDetailsElement>> = {};
  #say: (sentence: string) => void = () => undefined;

  constructor(wishes: HandWishes) {
    this.#wishes = wishes;
  }

  fill(source: HandSource, state: HandState): void {
    const wishes = this.#wishes;
    const convention = conventionPanel(state.convention, (name) => wishes.setConvention(name));
    const orders = orderTable(state.order, (order) => wishes.setOrder(order), (joint) => wishes.mark(joint)); // prettier-ignore
    const part = (title: Title, isOpen: boolean, hint: string, ...children: HTMLElement[]): HTMLDetailsElement =>
      section(title, { open: this.#parts[title]?.open ?? isOpen, hint }, ...children);
    const parts: Record<Title, HTMLDetailsElement> = {
      Shape: part('Shape', true, 'β', ...shapeSliders(source, state, wishes)),
      Pose: part('Pose', true, 'coefficients', ...coefficientSliders(source, state, wishes)),
      Joints: part('Joints', false, 'angles', ...jointSliders(source, state, wishes)),
      Convention: part('Convention', false, 'what numbers mean', convention.root),
      'Keypoint orders': part('Keypoint orders', false, 'side by side', orders.root),
    };
    this.#parts = parts;
    this.#say = (sentence) => convention.say(sentence);
    this.root.replaceChildren(modelPart(source, wishes), ...Object.values(parts), exportPart(wishes));
  }

  /** Another convention may take another number of coefficients. The table of what it changed stays. */
  fillCoefficients(source: HandSource, state: HandState): void {
    const body = this.#parts.Pose?.querySelector('.body');
    body?.replaceChildren(...coefficientSliders(source, state, this.#wishes));
  }

  /** A sentence below the convention. */
  say(sentence: string): void {
    this.#say(sentence);
  }
}
