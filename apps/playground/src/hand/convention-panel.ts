import { MANO_CONVENTIONS, type ManoConvention, type ManoConventionName } from '@opposable/mano-layer/conventions';
import { element } from '../dom.js';

/** What a convention decides, in words; fingertips and left shapes matter on MANO's own mesh only. */
const ROWS: readonly (readonly [label: string, (convention: ManoConvention) => string])[] = [
  ['zero pose', ({ flatHandMean }) => (flatHandMean ? 'the flat hand' : 'the mean pose')],
  ['pose', ({ poseRepresentation, numPcaComponents }) => (poseRepresentation === 'pca' ? `${numPcaComponents} coefficients` : '45 axis-angle')], // prettier-ignore
  ['keypoints', ({ keypointOrder }) => keypointOrder],
  ['fingertips', ({ fingertips }) => fingertips],
  ['units', ({ units }) => units],
  ['centre', ({ center }) => center],
  ['turned about', ({ orientAbout }) => orientAbout],
  ['axes', ({ axes }) => axes],
  ['left shapes', ({ leftShapeFix }) => (leftShapeFix === 'on' ? 'mended' : 'as distributed')],
];

/** A choice of conventions with a table of what the last change changed. */
export function conventionPanel(
  chosen: ManoConventionName,
  choose: (name: ManoConventionName) => void,
): { readonly root: HTMLElement; set(name: ManoConventionName): void; say(sentence: string): void } {
  let shown = chosen;
  const names = Object.keys(MANO_CONVENTIONS) as ManoConventionName[];
  const select = element(
    'select',
    { 'aria-label': 'Convention', change: () => (set(select.value as ManoConventionName), choose(shown)) },
    ...names.map((name) => element('option', { value: name }, name)),
  );
  const body = element('tbody');
  const sentence = element('p', { class: 'hint', 'aria-live': 'polite' });
  const set = (name: ManoConventionName): void => {
    const [before, after] = [MANO_CONVENTIONS[shown], MANO_CONVENTIONS[name]];
    body.replaceChildren(
      ...ROWS.map(([label, of]) => {
        const [was, is] = [of(before), of(after)];
        const changed = was !== is;
        const value = element('td', {}, changed && element('s', {}, was), changed && ' ', is);
        return element('tr', { class: changed ? 'changed' : undefined }, element('th', { scope: 'row' }, label), value);
      }),
    );
    select.value = name;
    shown = name;
  };
  set(chosen);
  const root = element('div', { class: 'convention' }, select, element('table', { class: 'facts' }, body), sentence);
  return { root, set, say: (text) => (sentence.textContent = text) };
}
