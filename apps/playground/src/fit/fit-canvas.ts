import type { Side } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { element } from '../dom.js';
import { drawMesh } from '../draw-mesh.js';
import { drawKeypoints } from '../hand/draw-keypoints.js';
import { type Placement, placementOf } from '../placement.js';
import type { FitResult, PicturePoint } from './keypoint-fit.js';

const BLANK = { width: 800, height: 600 };
/** Pixels of the page around a keypoint that take hold of it. */
const GRAB = 6;
const GRAB_BY_TOUCH = 16;

type At = readonly [x: number, y: number];

/** What is on the canvas. */
export interface FitContent {
  readonly points: readonly PicturePoint[];
  readonly picture: ImageBitmap | undefined;
  readonly result: FitResult | undefined;
  readonly side: Side;
}

/** What a pointer does on the canvas, in pixels of the picture. */
export interface FitPointer {
  /** Pressed; keypoints nearer than `reach` are meant. @returns whether the pointer now drags something */
  press(at: At, reach: number): boolean;
  drag(at: At): void;
}

/** The picture with keypoints and the fitted hand over it. */
export class FitCanvas {
  readonly root: HTMLElement;
  readonly #canvas = element('canvas', { class: 'picture', tabindex: 0, 'aria-label': 'Picture with keypoints' });
  readonly #size: ResizeObserver;
  #content: FitContent | undefined;
  #isDragging = false;

  constructor(pointer: FitPointer, ...over: readonly HTMLElement[]) {
    this.root = element('section', { class: 'stage', 'aria-label': 'Picture' }, this.#canvas, ...over);
    this.#canvas.addEventListener('pointerdown', (event) => {
      const grab = event.pointerType === 'touch' ? GRAB_BY_TOUCH : GRAB;
      this.#isDragging = pointer.press(this.#at(event), grab / this.#placement().scale);
      if (this.#isDragging) this.#canvas.setPointerCapture(event.pointerId);
    });
    this.#canvas.addEventListener('pointermove', (event) => this.#isDragging && pointer.drag(this.#at(event)));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      this.#canvas.addEventListener(end, () => (this.#isDragging = false));
    }
    this.#size = new ResizeObserver(() => this.#draw());
    this.#size.observe(this.root);
  }

  show(content: FitContent): void {
    this.#content = content;
    this.#draw();
  }

  dispose(): void {
    this.#size.disconnect();
    this.#content = undefined;
  }

  #placement(): Placement {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    return placementOf(this.#content?.picture ?? BLANK, { width, height });
  }

  #at(event: PointerEvent): At {
    const { scale, left, top } = this.#placement();
    return [(event.offsetX - left) / scale, (event.offsetY - top) / scale];
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || this.#content === undefined) return;
    const { picture, points, result, side } = this.#content;
    const ratio = Math.min(2, devicePixelRatio);
    [this.#canvas.width, this.#canvas.height] = [width * ratio, height * ratio];
    const context = this.#canvas.getContext('2d')!;
    const { scale, left, top } = this.#placement();
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
    if (picture) context.drawImage(picture, 0, 0);
    else {
      context.strokeStyle = 'rgb(128 140 146 / 0.35)';
      context.lineWidth = 1 / scale;
      context.strokeRect(0, 0, BLANK.width, BLANK.height);
    }
    if (result) {
      context.globalAlpha = picture ? 0.75 : 1;
      drawMesh(context, result.vertices, loadOpenHand(side).faces);
      context.globalAlpha = 1;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const shown = points.map((point) => point && ([left + scale * point[0], top + scale * point[1]] as const));
    drawKeypoints(context, shown, 'panoptic', { bones: true, numbers: true });
  }
}
