import { choice, element } from '../dom.js';
import type { HandWishes } from './hand-wishes.js';
import type { HandSource } from './posed-hand.js';

/** Which hand it is, and ways to another one. */
export function modelPart({ model, name, anatomical }: HandSource, wishes: HandWishes): HTMLElement {
  const side = choice('Side', { left: 'Left', right: 'Right' }, model.side, (value) => wishes.setSide(value));
  const back = element('button', { type: 'button', click: () => wishes.setSide(model.side) }, 'Open hand');
  const input = element('input', {
    type: 'file',
    accept: '.pkl,.npz,.safetensors',
    'aria-label': 'Hand model file',
    change: () => input.files?.[0] && wishes.open(input.files[0]),
  });
  const facts = `${model.vertexCount} vertices · ${model.faces.length / 3} faces · ${model.shapeCount} shapes · ${model.side}`;
  return element(
    'div',
    { class: 'model' },
    element('div', { class: 'row' }, element('strong', { class: 'model-name' }, name), anatomical ? side.root : back),
    element('p', { class: 'hint facts-line' }, facts),
    element('label', { class: 'dropzone' }, element('b', {}, 'Your MANO file'), ' .pkl, .npz or .safetensors: drop it or choose it. It stays in this page.', input), // prettier-ignore
    element(
      'div',
      { class: 'row buttons' },
      element('button', { type: 'button', click: () => wishes.randomise() }, 'Random hand'),
      element('button', { type: 'button', click: () => wishes.reset() }, 'Reset'),
    ),
  );
}

/** What of the hand can be taken along. */
export function exportPart(wishes: HandWishes): HTMLElement {
  const button = (label: string, click: () => void): HTMLElement => element('button', { type: 'button', click }, label);
  return element(
    'div',
    { class: 'export', role: 'group', 'aria-label': 'Export' },
    ...(['GLB', 'OBJ', 'JSON'] as const).map((kind) => button(kind, () => wishes.save(kind))),
    button('Copy link', () => wishes.copyLink()),
  );
}
