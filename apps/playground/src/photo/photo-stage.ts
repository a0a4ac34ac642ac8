import type { PredictedHand } from '@opposable/hand-training/predict';
import type { Side } from '@opposable/mano-layer/conventions';
import { choice, element, toggle } from '../dom.js';
import { type Placement, placementOf } from '../placement.js';
import { drawPhoto } from './draw-photo.js';
import { editCrop } from './edit-crop.js';
import type { Picture } from './picture.js';
import type { Square } from './square.js';

/** What the stage shows. */
export interface StagePhoto {
  readonly picture: Picture;
  readonly square: Square;
  readonly side: Side;
  readonly hand: PredictedHand | undefined;
}

export interface StageActions {
  changeSquare(square: Square): void;
  changeSide(side: Side): void;
  changeSmoothing(on: boolean): void;
}

const NOWHERE: Square = { x: 0, y: 0, side: 1 };

/** The picture with its square and the hand over it, and what is shown of it. */
export class PhotoStage {
  readonly root: HTMLElement;
  readonly #canvas = element('canvas', { class: 'picture', tabindex: 0, 'aria-label': 'Picture with the square that the network sees' }); // prettier-ignore
  readonly #hint = element('p', { class: 'starting' }, 'Drop a picture here.');
  readonly #times = element('output', { class: 'speed', 'aria-label': 'Milliseconds per stage' });
  readonly #side: { readonly root: HTMLElement; set(value: Side): void };
  readonly #smooth: HTMLElement;
  readonly #shown = { mesh: true, keypoints: false };
  #photo: StagePhoto | undefined;

  constructor(actions: StageActions) {
    this.#side = choice<Side>('Side', { left: 'Left', right: 'Right' }, 'right', (side) => actions.changeSide(side));
    this.#smooth = toggle('Smooth', false, (on) => actions.changeSmoothing(on));
    const show = (name: 'mesh' | 'keypoints') => (on: boolean) => {
      this.#shown[name] = on;
      this.draw();
    };
    const toolbar = element(
      'div',
      { class: 'toolbar' },
      this.#side.root,
      toggle('Mesh', this.#shown.mesh, show('mesh')),
      toggle('Keypoints', this.#shown.keypoints, show('keypoints')),
      this.#smooth,
    );
    this.root = element('section', { class: 'stage picture-stage', 'aria-label': 'Picture' }, this.#hint, this.#canvas, toolbar, this.#times); // prettier-ignore
    new ResizeObserver(() => this.draw()).observe(this.#canvas);
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the getters below have a `this` of their own
    const stage = this;
    editCrop(this.#canvas, {
      get size() {
        return stage.#photo?.picture.canvas;
      },
      get square() {
        return stage.#photo?.square ?? NOWHERE;
      },
      get scale() {
        return stage.#placement()?.scale ?? 1;
      },
      toPicture: (event) => {
        const { scale, left, top } = this.#placement()!;
        return [(event.offsetX - left) / scale, (event.offsetY - top) / scale];
      },
      change: (square) => actions.changeSquare(square),
    });
    this.showCamera(false);
  }

  /** Another photo, or the same one with something changed. @returns milliseconds of drawing */
  show(photo: StagePhoto | undefined): number {
    this.#photo = photo;
    this.#hint.hidden = photo !== undefined;
    if (photo) this.#side.set(photo.side);
    const start = performance.now();
    this.draw();
    return performance.now() - start;
  }

  /** Smoothing is for the frames of a camera. */
  showCamera(on: boolean): void {
    this.#smooth.hidden = !on;
  }

  sayTimes(text: string): void {
    this.#times.textContent = text;
  }

  #placement(): Placement | undefined {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (this.#photo === undefined || width === 0 || height === 0) return undefined;
    return placementOf(this.#photo.picture.canvas, { width, height });
  }

  draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const ratio = Math.min(2, devicePixelRatio);
    [this.#canvas.width, this.#canvas.height] = [width * ratio, height * ratio];
    const placement = this.#placement();
    if (this.#photo === undefined || placement === undefined) return;
    const { picture, square, hand } = this.#photo;
    const context = this.#canvas.getContext('2d')!;
    drawPhoto(context, picture.canvas, placement, ratio, { square, hand, ...this.#shown });
  }
}
