import type { PreparedSplit } from '@opposable/hand-datasets';
import { Busy } from '../busy.js';
import { element, toggle } from '../dom.js';
import { onDrop } from '../drop-files.js';
import { notice, sentenceOf } from '../notices.js';
import { ContactSheet } from './contact-sheet.js';
import { type DatasetFolder, droppedFolder } from './dataset-folder.js';
import { DatasetPanel } from './dataset-panel.js';
import { type DataState, decodeDataState, encodeDataState, type Shown, SHOWN } from './data-state.js';
import './data.css';
import { type LoadedSample, loadSample } from './load-sample.js';
import { type OpenDataset, openDataset } from './open-dataset.js';
import { Pager } from './pager.js';
import { SamplePicture } from './sample-picture.js';
import { SampleScene } from './sample-scene.js';
import { sampleFacts } from './sample-table.js';

/** A split whose records are read, of the dataset that is open. */
interface OpenSplit {
  readonly dataset: OpenDataset;
  readonly name: string;
  readonly split: PreparedSplit;
}

/** A prepared dataset of the user's, sample after sample. */
export class DatasetView {
  readonly root: HTMLElement;
  readonly #busy: Busy;
  #state: DataState;
  #open: OpenSplit | undefined;
  #sample: LoadedSample | undefined;
  /** Counts what was asked for: what is read for an older wish is thrown away. */
  #turn = 0;
  readonly #picture = new SamplePicture();
  readonly #scene = new SampleScene();
  readonly #sheet = new ContactSheet((index) => void this.#go(index));
  readonly #pager = new Pager((index) => void this.#go(index));
  readonly #panel = new DatasetPanel({
    open: (folder) => void this.#openFolder(folder),
    chooseSplit: (name) => this.#open && void this.#openSplit(this.#open.dataset, name, 0),
  });

  constructor(link: string) {
    this.#state = decodeDataState(link);
    const stages = element('div', { class: 'stages' }, this.#picture.root, this.#scene.root);
    const work = element('div', { class: 'work', hidden: true }, this.#toolbar(), stages, this.#sheet.root);
    const start = element('p', { class: 'starting' }, 'Open the folder of a prepared dataset, or drop it here.');
    this.root = element('div', { class: 'data view' }, element('div', { class: 'stage left' }, start, work), this.#panel.root); // prettier-ignore
    this.#busy = new Busy(this.root);
    document.addEventListener('keydown', (event) => this.root.isConnected && this.#pager.key(event));
    onDrop(this.root, (_, transfer) => {
      try {
        void this.#openFolder(droppedFolder(transfer));
      } catch (error) {
        notice(sentenceOf(error, 'Opening what was dropped'), 'error');
      }
    });
  }

  /** Another link in the same page: the dataset that is open stays. */
  restore(link: string): void {
    if (link === encodeDataState(this.#state)) return;
    this.#state = decodeDataState(link);
    this.root.querySelector('.toolbar')!.replaceWith(this.#toolbar());
    if (this.#open === undefined) return;
    const { split = this.#open.name, index } = this.#state;
    if (split === this.#open.name) void this.#go(index);
    else void this.#openSplit(this.#open.dataset, split, index);
  }

  /** The address, which was left before a sample that was still being read. */
  enter(): void {
    this.#writeLink();
  }

  #toolbar(): HTMLElement {
    const flags = (Object.entries(SHOWN) as [keyof Shown, string][]).map(([flag, label]) =>
      toggle(label, this.#state.shown[flag], (on) => {
        this.#state = { ...this.#state, shown: { ...this.#state.shown, [flag]: on } };
        this.#show();
      }),
    );
    const fit = element('button', { type: 'button', click: () => this.#scene.frame() }, 'Front');
    return element('div', { class: 'toolbar' }, this.#pager.root, ...flags, fit);
  }

  async #openFolder(folder: DatasetFolder): Promise<void> {
    const turn = ++this.#turn;
    await this.#attempt(`Opening ${folder.name}`, async () => {
      this.#panel.say('Reading dataset.json …');
      const dataset = await openDataset(folder);
      if (turn !== this.#turn) return;
      const { split, index } = this.#state;
      const names = Object.keys(dataset.info.splits);
      const isLinked = this.#open === undefined && names.includes(split ?? '');
      const name = isLinked ? split! : (names.find((each) => dataset.info.splits[each]!.count > 0) ?? names[0]);
      if (name === undefined) throw new Error('the dataset has no split');
      await this.#openSplit(dataset, name, isLinked || this.#open === undefined ? index : 0);
    });
  }

  async #openSplit(dataset: OpenDataset, name: string, index: number): Promise<void> {
    const turn = ++this.#turn;
    await this.#attempt(`Opening the split ${name}`, async () => {
      this.#panel.say(`Reading ${dataset.info.splits[name]?.annotations ?? name} …`);
      const split = await dataset.split(name);
      if (turn !== this.#turn) return;
      if (split.count === 0) throw new Error(`${name} has no samples`);
      this.#open = { dataset, name, split };
      this.#panel.showDataset(dataset, name);
      this.root.querySelector<HTMLElement>('.left > .starting')?.remove();
      this.root.querySelector<HTMLElement>('.work')!.hidden = false;
      await this.#go(index);
    });
  }

  /** Does what may be refused: then the page says why and shows what it showed before. */
  async #attempt(doing: string, run: () => Promise<void>): Promise<void> {
    await this.#busy.during(async () => {
      try {
        await run();
      } catch (error) {
        notice(sentenceOf(error, doing), 'error');
      } finally {
        this.#panel.say('');
        if (this.#open) this.#panel.showDataset(this.#open.dataset, this.#open.name);
      }
    });
  }

  async #go(index: number): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    const turn = ++this.#turn;
    const place = Math.min(open.split.count - 1, index);
    this.#pager.set(place, open.split.count);
    const sample = await loadSample(open.dataset.folder, open.split, place);
    if (turn !== this.#turn) return sample.picture?.close();
    this.#sample = sample;
    this.#state = { ...this.#state, split: open.name, index: place };
    this.#sheet.show(open.dataset.folder, open.split, place);
    this.#show();
  }

  /** The sample as the state has it. */
  #show(): void {
    const [sample, open] = [this.#sample, this.#open];
    if (sample === undefined || open === undefined) return;
    const how = { order: open.dataset.order, shown: this.#state.shown };
    this.#picture.show(sample, how);
    this.#scene.show(sample, how);
    this.#panel.showSample([...sampleFacts(sample), ['3D view', this.#scene.content]]);
    this.#writeLink();
  }

  #writeLink(): void {
    const link = encodeDataState(this.#state);
    if (this.root.isConnected && location.hash.startsWith('#data'))
      history.replaceState(null, '', `#data${link === '' ? '' : `?${link}`}`);
  }
}
