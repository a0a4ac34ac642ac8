import { anatomicalName, KEYPOINT_ORDERS, type KeypointOrderName, names } from '@opposable/keypoint-order';
import type { Side } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { choice, download, element } from '../dom.js';
import { onDrop } from '../drop-files.js';
import { drawKeypoints } from '../hand/draw-keypoints.js';
import { notice, sentenceOf } from '../notices.js';
import { drawMesh } from './draw-mesh.js';
import { type FitResult, KeypointFit, type PicturePoint, whatIsMissing } from './keypoint-fit.js';
import { lossCurve } from './loss-curve.js';
import { readKeypoints } from './read-keypoints.js';

const NAMES = names('panoptic');
const BLANK = { width: 800, height: 600 };
const STEPS = 300;
const GRAB = 6;
const STEPS_SHOWN = 10;

interface Snapshot {
  readonly points: readonly PicturePoint[];
  readonly result: FitResult | undefined;
}

/** Keypoints on a picture, and a hand that is fitted to them. */
export class FitView {
  readonly root: HTMLElement;
  #points: PicturePoint[] = new Array<PicturePoint>(21).fill(undefined);
  #result: FitResult | undefined;
  #past: Snapshot[] = [];
  #picture: ImageBitmap | undefined;
  #side: Side = 'right';
  #order: KeypointOrderName = 'panoptic';
  #dragged: number | undefined;
  /** The run that goes on; whatever changes the keypoints ends it. */
  #run: symbol | undefined;
  #disposed = false;
  readonly #canvas = element('canvas', { class: 'picture', tabindex: 0, 'aria-label': 'Picture with keypoints' });
  readonly #next = element('p', { class: 'next', 'aria-live': 'polite' });
  readonly #error = element('output', { class: 'speed', 'aria-label': 'Error of the fit' });
  readonly #curve = lossCurve();
  readonly #start = element('button', { type: 'button', class: 'primary', click: () => void this.#toggle() }, 'Fit');
  readonly #undo = element('button', { type: 'button', click: () => this.#goBack() }, 'Undo');
  readonly #size: ResizeObserver;

  constructor() {
    const stage = element('section', { class: 'stage', 'aria-label': 'Picture' }, this.#canvas, this.#error);
    this.root = element('div', { class: 'fit view' }, stage, this.#panel());
    this.#canvas.addEventListener('pointerdown', (event) => this.#press(event));
    this.#canvas.addEventListener('pointermove', (event) => this.#drag(event));
    this.#canvas.addEventListener('pointerup', () => (this.#dragged = undefined));
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.#goBack();
    });
    onDrop(this.root, ([file]) => file && void this.#open(file));
    this.#size = new ResizeObserver(() => this.#draw());
    this.#size.observe(stage);
    this.#changed();
  }

  restore(): void {
    // nothing of a fit is in its link
  }

  dispose(): void {
    this.#disposed = true;
    this.#run = undefined;
    this.#size.disconnect();
    this.#picture?.close();
  }

  #panel(): HTMLElement {
    const side = choice<Side>('Side', { left: 'Left', right: 'Right' }, this.#side, (value) => {
      this.#side = value;
      this.#result = undefined;
      this.#changed();
    });
    const order = element(
      'select',
      { 'aria-label': 'Order of loaded keypoints', change: () => (this.#order = order.value as KeypointOrderName) },
      ...Object.keys(KEYPOINT_ORDERS).map((name) => element('option', { value: name }, name)),
    );
    const input = element('input', {
      type: 'file',
      accept: 'image/*,.json',
      'aria-label': 'Picture or keypoints',
      change: () => {
        if (input.files?.[0]) void this.#open(input.files[0]);
        input.value = '';
      },
    });
    const clear = (): void => {
      this.#remember();
      this.#points.fill(undefined);
      this.#result = undefined;
      this.#changed();
    };
    return element(
      'div',
      { class: 'panel' },
      element(
        'div',
        { class: 'model' },
        element(
          'div',
          { class: 'row' },
          element('strong', { class: 'model-name' }, 'Fit a hand to keypoints'),
          side.root,
        ),
        this.#next,
        element('label', { class: 'dropzone' }, element('b', {}, 'A picture, or keypoints as JSON'), ': drop it or choose it. It stays in this page.', input), // prettier-ignore
        element('label', { class: 'row hint' }, 'Order of the keypoints in the file', order),
      ),
      element(
        'div',
        { class: 'export', role: 'group', 'aria-label': 'Fit' },
        this.#start,
        this.#undo,
        element('button', { type: 'button', click: clear }, 'Clear'),
        element('button', { type: 'button', click: () => this.#save() }, 'JSON'),
      ),
      element('div', { class: 'curve-place' }, this.#curve.root),
      element('p', { class: 'hint' }, 'Adam on orientation, 12 pose coefficients, shape, scale and place, from four starts side by side; the loss is the squared distance of the keypoints in lengths of the palm, and a little of pose and shape.'), // prettier-ignore
    );
  }

  async #open(file: File): Promise<void> {
    try {
      if (/\.json$/i.test(file.name)) {
        const points = readKeypoints(await file.text(), this.#order);
        this.#remember();
        this.#points = points;
      } else {
        const picture = await createImageBitmap(file).catch(() => undefined);
        if (picture === undefined) {
          notice(`${file.name}: expected a picture the browser can show, or keypoints as .json.`, 'error');
          return;
        }
        this.#picture?.close();
        this.#picture = picture;
      }
      this.#result = undefined;
      this.#changed();
    } catch (error) {
      notice(sentenceOf(error, `Reading ${file.name}`), 'error');
    }
  }

  #remember(): void {
    this.#run = undefined;
    this.#past.push({ points: [...this.#points], result: this.#result });
  }

  #goBack(): void {
    this.#run = undefined;
    const before = this.#past.pop();
    if (before === undefined) return;
    this.#points = [...before.points];
    this.#result = before.result;
    this.#changed();
  }

  #changed(): void {
    const missing = this.#points.findIndex((point) => point === undefined);
    this.#next.textContent =
      missing < 0 ? 'All 21 keypoints are there. Drag one to move it.' : `Click keypoint ${missing}: ${anatomicalName(NAMES[missing]!)}.`; // prettier-ignore
    this.#undo.disabled = this.#past.length === 0;
    this.#error.textContent = this.#result ? `mean error ${this.#result.error.toFixed(1)} px` : '';
    this.#draw();
  }

  /** From pixels of the picture to those of the canvas: as large as fits, in the middle. */
  #placement(): { readonly scale: number; readonly left: number; readonly top: number } {
    const { width, height } = this.#picture ?? BLANK;
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    return { scale, left: (clientWidth - scale * width) / 2, top: (clientHeight - scale * height) / 2 };
  }

  #at(event: PointerEvent): readonly [number, number] {
    const { scale, left, top } = this.#placement();
    return [(event.offsetX - left) / scale, (event.offsetY - top) / scale];
  }

  #press(event: PointerEvent): void {
    const at = this.#at(event);
    const reach = GRAB / this.#placement().scale;
    const hit = this.#points.findIndex((p) => p !== undefined && Math.hypot(p[0] - at[0], p[1] - at[1]) < reach);
    const index = hit >= 0 ? hit : this.#points.findIndex((point) => point === undefined);
    if (index < 0) return;
    this.#remember();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#dragged = index;
    this.#points[index] = hit >= 0 ? this.#points[index] : at;
    this.#changed();
  }

  #drag(event: PointerEvent): void {
    if (this.#dragged === undefined) return;
    this.#points[this.#dragged] = this.#at(event);
    this.#changed();
  }

  /** Starts the fit, or stops it where it stands. */
  async #toggle(): Promise<void> {
    if (this.#run !== undefined) {
      this.#run = undefined;
      return;
    }
    const missing = whatIsMissing(this.#points);
    if (missing !== undefined) return notice(missing, 'error');
    this.#remember();
    const mine = Symbol('run');
    this.#run = mine;
    this.#start.textContent = 'Stop';
    const model = loadOpenHand(this.#side);
    let fit: KeypointFit | undefined;
    try {
      fit = new KeypointFit(model, [...this.#points]);
      const losses: number[] = [];
      while (this.#run === mine && losses.length < STEPS) {
        for (let i = 0; i < STEPS_SHOWN && this.#run === mine; i++) losses.push(await fit.step());
        const result = await fit.result();
        if (this.#run !== mine) break; // undone or moved meanwhile
        this.#result = result;
        this.#curve.show(losses);
        this.#changed();
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    } catch (error) {
      notice(sentenceOf(error, 'Fitting'), 'error');
    } finally {
      fit?.dispose();
      if (this.#run === mine) this.#run = undefined;
      if (this.#run === undefined) this.#start.textContent = 'Fit';
    }
  }

  #save(): void {
    const content = { order: 'panoptic', side: this.#side, keypoints: this.#points.map((point) => point ?? null) };
    const fitted = this.#result && {
      ...this.#result.parameters,
      error: this.#result.error,
      keypoints: Array.from(this.#result.keypoints),
    };
    download('fit.json', 'application/json', JSON.stringify({ ...content, fitted }, undefined, 2));
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || this.#disposed) return;
    const ratio = Math.min(2, devicePixelRatio);
    [this.#canvas.width, this.#canvas.height] = [width * ratio, height * ratio];
    const context = this.#canvas.getContext('2d')!;
    const { scale, left, top } = this.#placement();
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
    const size = this.#picture ?? BLANK;
    if (this.#picture) context.drawImage(this.#picture, 0, 0);
    else {
      context.strokeStyle = 'rgb(128 140 146 / 0.35)';
      context.lineWidth = 1 / scale;
      context.strokeRect(0, 0, size.width, size.height);
    }
    if (this.#result) {
      context.globalAlpha = this.#picture ? 0.75 : 1;
      drawMesh(context, this.#result.vertices, loadOpenHand(this.#side).faces);
      context.globalAlpha = 1;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const shown = this.#points.map((point) => point && ([left + scale * point[0], top + scale * point[1]] as const));
    drawKeypoints(context, shown, 'panoptic', { bones: true, numbers: true });
  }
}
