import { names } from '@opposable/keypoint-order';
import { choice, element, toggle } from '../dom.js';
import { type HandFlag, type HandState, SURFACES } from './hand-state.js';
import type { HandWishes } from './hand-wishes.js';

const FLAGS: readonly (readonly [HandFlag, label: string])[] = [
  ['skeleton', 'Skeleton'],
  ['numbers', 'Numbers'],
  ['vertexIds', 'Vertex ids'],
];

/** What is drawn: the surface, and what lies over it. */
export function handToolbar(state: HandState, wishes: HandWishes): HTMLElement {
  const weights = element(
    'select',
    {
      'aria-label': 'Joint whose weights are shown',
      hidden: state.surface !== 'weights',
      change: () => wishes.setWeightsOf(Number(weights.value)),
    },
    ...names('mano-raw')
      .slice(0, 16)
      .map((name, j) => element('option', { value: j, selected: j === state.weightsOf }, name)),
  );
  const surface = choice('Surface', SURFACES, state.surface, (value) => {
    weights.hidden = value !== 'weights';
    wishes.setSurface(value);
  });
  const flags = FLAGS.map(([flag, label]) => toggle(label, state[flag], (on) => wishes.setFlag(flag, on)));
  const fit = element('button', { type: 'button', click: () => wishes.frame() }, 'Fit');
  return element('div', { class: 'toolbar' }, surface.root, weights, ...flags, fit);
}
