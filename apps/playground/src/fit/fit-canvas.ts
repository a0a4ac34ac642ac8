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
/** Part of the picture's shorter side that an arrow key moves the cross by. */
const STEP = 0.02;
const ARROWS: Readonly<Record<string, At>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type At = readonly [x: number, y: number];

/** What is on the canvas. */
export interface FitContent {
  readonly points: readonly PicturePoint[];
  readonly picture: ImageBitmap | undefined;
  readonly result: FitResult | undefined;
  readonly side: Side;
}

/** Two lines that leave their middle free, closed to a ring around a keypoint that is taken along. */
function drawCross(context: CanvasRenderingContext2D, [x, y]: At, isCarrying: boolean): void {
  const [inner, outer] = [isCarrying ? 12 : 4, 18];
  context.beginPath();
  for (const [dx, dy] of Object.values(ARROWS)) {
    context.moveTo(x + inner * dx, y + inner * dy);
    context.lineTo(x + outer * dx, y + outer * dy);
  }
  if (isCarrying) {
    context.moveTo(x + inner, y);
    context.arc(x, y, inner, 0, 2 * Math.PI);
  }
  for (const [color, width] of [
    ['rgb(0 0 0 / 0.7)', 4],
    ['white', 2],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.stroke();
  }
}

/** What a pointer does on the canvas, or a cross that keys move, in pixels of the picture. */
export interface FitPointer {
  /** Pressed; keypoints nearer than `reach` are meant. @returns whether a keypoint was set or taken, which `drag` then moves */
  press(at: At, reach: number): 'set' | 'taken' | undefined;
  drag(at: At): void;
}

/**
 * The picture with keypoints and the fitted hand over it. A pointer sets and drags keypoints. So do keys: arrows move a cross, with
 * Shift by single pixels, Enter sets a keypoint there, or takes the one that is there along until Enter again.
 */
export class FitCanvas {
  readonly root: HTMLElement;
  readonly #canvas = element('canvas', { class: 'picture', tabindex: 0, 'aria-label': 'Picture with keypoints' });
  readonly #pointer: FitPointer;
  #content: FitContent | undefined;
  #isDragging = false;
  /** The cross, while keys are used. */
  #cross: At | undefined;
  #isCarrying = false;

  constructor(pointer: FitPointer, ...over: readonly HTMLElement[]) {
    this.#pointer = pointer;
    this.root = element('section', { class: 'stage', 'aria-label': 'Picture' }, this.#canvas, ...over);
    this.#canvas.addEventListener('pointerdown', (event) => {
      const grab = event.pointerType === 'touch' ? GRAB_BY_TOUCH : GRAB;
      this.#putAway();
      this.#isDragging = pointer.press(this.#at(event), grab / this.#placement().scale) !== undefined;
      if (this.#isDragging) this.#canvas.setPointerCapture(event.pointerId);
    });
    this.#canvas.addEventListener('pointermove', (event) => this.#isDragging && pointer.drag(this.#at(event)));
    for (const end of ['pointerup', 'pointercancel'] as const) {
      this.#canvas.addEventListener(end, () => (this.#isDragging = false));
    }
    this.#canvas.addEventListener('keydown', (event) => this.#key(event));
    this.#canvas.addEventListener('blur', () => this.#putAway());
    new ResizeObserver(() => this.#draw()).observe(this.root);
  }

  show(content: FitContent): void {
    this.#content = content;
    this.#draw();
  }

  get #extent(): { readonly width: number; readonly height: number } {
    return this.#content?.picture ?? BLANK;
  }

  #placement(): Placement {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    return placementOf(this.#extent, { width, height });
  }

  #key(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) {
      this.#isCarrying = false; // undo may take away what is carried
      return;
    }
    if (arrow === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    const { width, height } = this.#extent;
    const step = Math.max(1, Math.round(STEP * Math.min(width, height)));
    const isFirst = this.#cross === undefined;
    const [x, y] = this.#cross ?? [Math.round(width / 2), Math.round(height / 2)];
    const [right, down] = (arrow ?? [0, 0]).map((way) => way * (event.shiftKey ? 1 : step)) as [number, number];
    this.#cross = [Math.min(width, Math.max(0, x + right)), Math.min(height, Math.max(0, y + down))];
    if (this.#isCarrying) this.#pointer.drag(this.#cross);
    // the first key shows where the cross is
    if (arrow === undefined && !isFirst)
      this.#isCarrying = !this.#isCarrying && this.#pointer.press(this.#cross, step / 2) === 'taken';
    this.#draw();
  }

  /** Without the cross: a pointer is used, or something else on the page. */
  #putAway(): void {
    this.#cross = undefined;
    this.#isCarrying = false;
    this.#draw();
  }

  #at(event: PointerEvent): At {
    const { scale, left, top } = this.#placement();
    return [(event.offsetX - left) / scale, (event.offsetY - top) / scale];
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0 || this.#content === undefined) return;
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
    if (result) drawMesh(context, result.vertices, loadOpenHand(side).faces, picture ? 0.75 : 1);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const shown = points.map((point) => point && ([left + scale * point[0], top + scale * point[1]] as const));
    drawKeypoints(context, shown, 'panoptic', { bones: true, numbers: true });
    if (this.#cross)
      drawCross(context, [left + scale * this.#cross[0], top + scale * this.#cross[1]], this.#isCarrying);
  }
}
