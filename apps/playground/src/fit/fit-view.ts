import { anatomicalName, type KeypointOrderName, names } from '@opposable/keypoint-order';
import type { Side } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { element } from '../dom.js';
import { onDrop } from '../drop-files.js';
import { notice, sentenceOf } from '../notices.js';
import { FitCanvas } from './fit-canvas.js';
import { readFitFile, saveFit } from './fit-files.js';
import { FitPanel } from './fit-panel.js';
import { type FitResult, type PicturePoint, whatIsMissing } from './keypoint-fit.js';
import { lossCurve } from './loss-curve.js';
import { runFit } from './run-fit.js';

const NAMES = names('panoptic');

/** What undo brings back. */
interface Snapshot {
  readonly points: readonly PicturePoint[];
  readonly result: FitResult | undefined;
}

/** Keypoints on a picture, and a hand that is fitted to them. */
export class FitView {
  readonly root: HTMLElement;
  #now: Snapshot = { points: new Array<PicturePoint>(21).fill(undefined), result: undefined };
  #past: readonly Snapshot[] = [];
  #picture: ImageBitmap | undefined;
  #side: Side = 'right';
  #order: KeypointOrderName = 'panoptic';
  #dragged: number | undefined;
  /** The run that goes on; whatever changes the keypoints ends it. */
  #run: symbol | undefined;
  readonly #error = element('output', { class: 'speed', 'aria-label': 'Error of the fit' });
  readonly #curve = lossCurve();
  readonly #canvas = new FitCanvas(
    {
      press: (at, reach) => this.#press(at, reach),
      drag: (at) => this.#dragged !== undefined && this.#move(this.#dragged, at),
    },
    this.#error,
  );
  readonly #panel = new FitPanel(
    {
      setSide: (side) => {
        this.#side = side;
        this.#show({ points: this.#now.points, result: undefined });
      },
      setOrder: (order) => (this.#order = order),
      open: (file) => void this.#open(file),
      toggle: () => void this.#toggle(),
      goBack: () => this.#goBack(),
      clear: () => this.#change({ points: this.#now.points.map(() => undefined), result: undefined }),
      save: () => saveFit(this.#side, this.#now.points, this.#now.result),
    },
    this.#curve.root,
  );

  constructor() {
    this.root = element('div', { class: 'fit view' }, this.#canvas.root, this.#panel.root);
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#goBack();
    });
    onDrop(this.root, ([file]) => file && void this.#open(file));
    this.#show(this.#now);
  }

  restore(): void {
    // nothing of a fit is in its link
  }

  async #open(file: File): Promise<void> {
    try {
      const content = await readFitFile(file, this.#order);
      if ('points' in content) return this.#change({ points: content.points, result: undefined });
      this.#picture?.close();
      this.#picture = content.picture;
      this.#show({ points: this.#now.points, result: undefined });
    } catch (error) {
      notice(sentenceOf(error, `Reading ${file.name}`), 'error');
    }
  }

  #press(at: readonly [number, number], reach: number): 'set' | 'taken' | undefined {
    const { points } = this.#now;
    const hit = points.findIndex((p) => p !== undefined && Math.hypot(p[0] - at[0], p[1] - at[1]) < reach);
    const index = hit >= 0 ? hit : points.findIndex((point) => point === undefined);
    if (index < 0) return undefined;
    this.#dragged = index;
    this.#remember();
    if (hit < 0) this.#move(index, at);
    else this.#show(this.#now);
    return hit < 0 ? 'set' : 'taken';
  }

  #move(index: number, at: readonly [number, number]): void {
    this.#show({ points: this.#now.points.map((point, i) => (i === index ? at : point)), result: this.#now.result });
  }

  /** Fits, or stops where the fit stands. */
  async #toggle(): Promise<void> {
    if (this.#run !== undefined) {
      this.#run = undefined;
      return this.#show(this.#now);
    }
    const { points } = this.#now;
    const missing = whatIsMissing(points);
    if (missing !== undefined) return notice(missing, 'error');
    this.#remember();
    const mine = Symbol('run');
    this.#run = mine;
    this.#show(this.#now);
    try {
      await runFit(loadOpenHand(this.#side), points, {
        isWanted: () => this.#run === mine,
        show: (result, losses) => {
          this.#curve.show(losses);
          this.#show({ points, result });
        },
      });
    } catch (error) {
      notice(sentenceOf(error, 'Fitting'), 'error');
    } finally {
      if (this.#run === mine) {
        this.#run = undefined;
        this.#show(this.#now);
      }
    }
  }

  /** Something else, which undo takes back. */
  #change(next: Snapshot): void {
    this.#remember();
    this.#show(next);
  }

  /** What is there now is what undo brings back. A run that goes on ends: what it fits to is about to change. */
  #remember(): void {
    this.#run = undefined;
    this.#past = [...this.#past, this.#now];
  }

  #goBack(): void {
    this.#run = undefined;
    const before = this.#past.at(-1);
    this.#past = this.#past.slice(0, -1);
    this.#show(before ?? this.#now);
  }

  #show(now: Snapshot): void {
    this.#now = now;
    const { points, result } = now;
    const missing = points.findIndex((point) => point === undefined);
    const next = missing < 0 ? 'All 21 keypoints are there. Drag one to move it.' : `Click keypoint ${missing}: ${anatomicalName(NAMES[missing]!)}.`; // prettier-ignore
    this.#panel.show({ next, canGoBack: this.#past.length > 0, isRunning: this.#run !== undefined });
    this.#error.textContent = result ? `mean error ${result.error.toFixed(1)} px` : '';
    this.#canvas.show({ points, result, picture: this.#picture, side: this.#side });
  }
}
