import { inside, sized, spanned, type Square } from './square.js';

/** What shows the square that is dragged. */
export interface CropStage {
  /** Of the picture, undefined where there is none. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  readonly square: Square;
  /** From an event's place on the canvas to pixels of the picture. */
  toPicture(event: MouseEvent): readonly [x: number, y: number];
  /** CSS pixels of one pixel of the picture. */
  readonly scale: number;
  change(square: Square): void;
}

type Point = readonly [number, number];

/** How near to a corner a pointer takes it, in CSS pixels. */
const REACH = { mouse: 12, pen: 16, touch: 26 } as const;
/** Part of the picture's shorter side that a key moves by. */
const STEP = 0.02;

const corners = ({ x, y, side }: Square): readonly Point[] => [
  [x, y],
  [x + side, y],
  [x, y + side],
  [x + side, y + side],
];

/**
 * Lets a person drag a square by its corners or as a whole, or draw another one, by mouse, pen or touch, and move (arrows) or
 * resize (+ and −) it by keys; with Shift by single pixels.
 */
export function editCrop(canvas: HTMLCanvasElement, stage: CropStage): void {
  let drag: ((at: Point) => Square) | undefined;
  canvas.addEventListener('pointerdown', (event) => {
    if (stage.size === undefined || event.button !== 0) return;
    const { square } = stage;
    const [x, y] = stage.toPicture(event);
    const reach = (REACH[event.pointerType as keyof typeof REACH] ?? REACH.mouse) / stage.scale;
    const corner = corners(square).findIndex(([cx, cy]) => Math.hypot(cx - x, cy - y) < reach);
    const isWithin = x > square.x && y > square.y && x < square.x + square.side && y < square.y + square.side;
    const opposite = corners(square)[3 - corner];
    if (corner >= 0) drag = (at) => spanned(opposite!, at);
    else if (isWithin) drag = ([px, py]) => ({ ...square, x: square.x + px - x, y: square.y + py - y });
    else drag = (at) => spanned([x, y], at);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (drag !== undefined && stage.size !== undefined) stage.change(inside(drag(stage.toPicture(event)), stage.size));
  });
  for (const end of ['pointerup', 'pointercancel'] as const) canvas.addEventListener(end, () => (drag = undefined));
  canvas.addEventListener('keydown', (event) => {
    const { size, square } = stage;
    if (size === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 1 : Math.max(1, Math.round(STEP * Math.min(size.width, size.height)));
    const moved: Readonly<Record<string, Square>> = {
      ArrowLeft: { ...square, x: square.x - step },
      ArrowRight: { ...square, x: square.x + step },
      ArrowUp: { ...square, y: square.y - step },
      ArrowDown: { ...square, y: square.y + step },
      '+': sized(square, square.side + 2 * step),
      '=': sized(square, square.side + 2 * step),
      '-': sized(square, square.side - 2 * step),
    };
    const next = moved[event.key];
    if (next === undefined) return;
    event.preventDefault();
    stage.change(inside(next, size));
  });
}
