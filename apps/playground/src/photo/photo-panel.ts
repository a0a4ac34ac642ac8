import { MINIMUM_CONFIDENCE } from '@opposable/hand-training/predict';
import { element } from '../dom.js';
import type { PhotoFormat } from './export-photo.js';
import { detectorLine, type Networks, regressorLine } from './networks.js';

/** What the buttons of the panel do. */
export interface PhotoActions {
  open(files: readonly File[]): void;
  toggleCamera(): void;
  takePhoto(): void;
  find(): void;
  remove(): void;
  save(format: PhotoFormat): void;
}

export interface PhotoPanel {
  readonly root: HTMLElement;
  /** What there is to do, or what was found. */
  say(sentence: string): void;
  showNetworks(networks: Networks): void;
  enable(state: { readonly picture: boolean; readonly hand: boolean; readonly camera: boolean }): void;
}

const NONE = 'none. `npm run demo` trains one and leaves it where this page finds it when it is built or served; or drop model.json and weights.bin as `opposable export` writes them.'; // prettier-ignore
const NO_DETECTOR = 'none. Drop the two files of an exported heat-map network to look for hands.';

/** Networks, files, camera and exports, beside the picture. */
export function photoPanel(actions: PhotoActions): PhotoPanel {
  const button = (label: string, click: () => void, more: Record<string, string> = {}): HTMLButtonElement =>
    element('button', { type: 'button', click, ...more }, label);
  const input = element('input', {
    type: 'file',
    accept: 'image/*,.json,.bin',
    multiple: true,
    'aria-label': 'Pictures or networks',
    change: () => {
      actions.open([...(input.files ?? [])]);
      input.value = '';
    },
  });
  const next = element('p', { class: 'next', 'aria-live': 'polite' });
  const camera = button('Camera', () => actions.toggleCamera());
  const take = button('Take photo', () => actions.takePhoto());
  const find = button('Find the hand', () => actions.find(), { title: `With the heat-map network; sure enough from ${MINIMUM_CONFIDENCE} on.` }); // prettier-ignore
  const remove = button('Remove', () => actions.remove());
  const saves = (['json', 'glb', 'obj'] as const).map((format) =>
    button(format.toUpperCase(), () => actions.save(format)),
  );
  const [regressor, detector] = [element('td', {}), element('td', {})];
  const root = element(
    'div',
    { class: 'panel' },
    element(
      'div',
      { class: 'model' },
      element('strong', { class: 'model-name' }, 'A hand from a photo'),
      next,
      element('label', { class: 'dropzone' }, element('b', {}, 'Pictures, or a network'), ': drop, paste or choose them. They stay in this page.', input), // prettier-ignore
      element('div', { class: 'row buttons wrap' }, camera, take, find, remove),
      element('p', { class: 'hint' }, 'The network sees the square. Drag it or its corners, or draw another; with keys: arrows, + and −.'), // prettier-ignore
    ),
    element('div', { class: 'export', role: 'group', 'aria-label': 'Export' }, ...saves),
    element(
      'table',
      { class: 'facts networks' },
      element('tr', {}, element('th', { scope: 'row' }, 'Regressor'), regressor),
      element('tr', {}, element('th', { scope: 'row' }, 'Detector'), detector),
    ),
    element('p', { class: 'hint' }, 'The demo’s network has seen synthetic hands only, small and for three minutes: on photographs it is a rough guess.'), // prettier-ignore
  );
  return {
    root,
    say: (sentence) => void (next.textContent = sentence),
    showNetworks(networks) {
      const of = networks.regressor;
      regressor.textContent = of === undefined ? NONE : `${of.name}: ${regressorLine(of.run)}`;
      const by = networks.detector;
      detector.textContent = by === undefined ? NO_DETECTOR : `${by.name}: ${detectorLine(by.run)}`;
    },
    enable(state) {
      camera.setAttribute('aria-pressed', String(state.camera));
      camera.textContent = state.camera ? 'Stop camera' : 'Camera';
      take.hidden = !state.camera;
      remove.hidden = state.camera;
      remove.disabled = find.disabled = !state.picture;
      saves.forEach((save) => (save.disabled = !state.hand));
    },
  };
}
