import { element, section } from '../dom.js';
import { chooseFolder } from './choose-folder.js';
import type { DatasetFolder } from './dataset-folder.js';
import type { OpenDataset } from './open-dataset.js';
import { factRows } from './sample-table.js';

/** What the panel asks for. */
export interface PanelWishes {
  open(folder: DatasetFolder): void;
  chooseSplit(name: string): void;
}

/** What dataset.json says, as a table. */
function datasetFacts({ info, order }: OpenDataset): (readonly [string, string])[] {
  const { width, height } = info.image_size;
  const sources = Object.entries(info.sources).map(([name, count]) => `${name} ${count}`);
  const masks = Object.entries(info.splits).map(([name, split]) => `${name} ${split.masks} of ${split.count}`);
  return [
    ['keypoints', order],
    ['images', `${width} × ${height}, ${info.image_format}`],
    ['masks', masks.join(', ')],
    ['sources', sources.join(', ')],
    ...(info.command === undefined ? [] : [['command', info.command] as const]),
  ];
}

/** The panel beside the pictures: which folder and split, what they say, and what the shown sample's record says. */
export class DatasetPanel {
  readonly root: HTMLElement;
  readonly #name = element('strong', { class: 'model-name' }, 'Look through a dataset');
  readonly #state = element('p', { class: 'hint', role: 'status' });
  readonly #split: HTMLSelectElement;
  readonly #splitRow: HTMLElement;
  readonly #sampleBody = element('tbody', { class: 'of-sample' });
  readonly #datasetBody = element('tbody');
  readonly #tables: readonly HTMLElement[];

  constructor(wishes: PanelWishes) {
    this.#split = element('select', { 'aria-label': 'Split', change: () => wishes.chooseSplit(this.#split.value) });
    this.#splitRow = element('label', { class: 'row hint', hidden: true }, 'Split', this.#split);
    const table = (body: HTMLElement): HTMLElement => element('table', { class: 'facts' }, body);
    this.#tables = [
      section('Sample', { open: true, hint: 'its record' }, table(this.#sampleBody)),
      section('Dataset', { open: false, hint: 'dataset.json' }, table(this.#datasetBody)),
    ];
    this.#tables.forEach((each) => (each.hidden = true));
    const head = element(
      'div',
      { class: 'model' },
      this.#name,
      this.#state,
      chooseFolder((folder) => wishes.open(folder)),
      this.#splitRow,
    );
    const keys = element('p', { class: 'hint keys' }, 'Arrow keys turn pages, Home and End go to the first and last sample, Page Up and Page Down go by a sheet.'); // prettier-ignore
    this.root = element('div', { class: 'panel', tabindex: -1 }, head, ...this.#tables, keys);
  }

  /** A sentence on what is being done. */
  say(sentence: string): void {
    this.#state.textContent = sentence;
  }

  showDataset(dataset: OpenDataset, split: string): void {
    this.#name.textContent = dataset.folder.name;
    const options = Object.entries(dataset.info.splits).map(([name, { count }]) =>
      element('option', { value: name, selected: name === split }, `${name}, ${count} samples`),
    );
    this.#split.replaceChildren(...options);
    this.#splitRow.hidden = false;
    this.#datasetBody.replaceChildren(...factRows(datasetFacts(dataset)));
    this.#tables.forEach((each) => (each.hidden = false));
  }

  showSample(facts: readonly (readonly [string, string])[]): void {
    this.#sampleBody.replaceChildren(...factRows(facts));
  }
}
