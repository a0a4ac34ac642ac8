import type { PredictedHand } from '@opposable/hand-training/predict';
import { element } from '../dom.js';
import { drawHand } from './draw-photo.js';
import type { Picture } from './picture.js';

const WIDTH = 88;
const HEIGHT = 66;

/** One picture of the strip. */
export interface StripPhoto {
  readonly picture: Picture;
  readonly hand: PredictedHand | undefined;
}

export interface PhotoStrip {
  readonly root: HTMLElement;
  /** Draws those that are new or whose hand is another one. */
  show(photos: readonly StripPhoto[], chosen: number): void;
}

/** A thumbnail and what is drawn on it. */
interface Thumbnail {
  readonly button: HTMLButtonElement;
  readonly canvas: HTMLCanvasElement;
  drawn: StripPhoto | undefined;
}

function drawThumbnail(canvas: HTMLCanvasElement, { picture, hand }: StripPhoto): void {
  const context = canvas.getContext('2d')!;
  const { width, height } = picture.canvas;
  const scale = Math.max(canvas.width / width, canvas.height / height); // covers it
  context.setTransform(scale, 0, 0, scale, (canvas.width - scale * width) / 2, (canvas.height - scale * height) / 2);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture.canvas, 0, 0);
  if (hand) drawHand(context, hand);
}

/** Thumbnails side by side: chosen by a click or by arrows, taken away by Delete. */
export function photoStrip(choose: (index: number) => void, remove: (index: number) => void): PhotoStrip {
  const root = element('div', { class: 'strip', role: 'group', 'aria-label': 'Photos' });
  let thumbnails = new Map<StripPhoto, Thumbnail>();
  root.addEventListener('keydown', (event) => {
    const from = [...root.children].indexOf(document.activeElement!);
    if (from < 0) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Delete') remove(from);
    else if (step !== undefined && root.children[from + step] !== undefined) choose(from + step);
    else return;
    event.preventDefault();
    root.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
  });
  const make = (): Thumbnail => {
    const ratio = Math.min(2, devicePixelRatio);
    const canvas = element('canvas', { width: WIDTH * ratio, height: HEIGHT * ratio });
    const click = (): void => choose([...root.children].indexOf(button));
    const button = element('button', { type: 'button', click }, canvas);
    return { button, canvas, drawn: undefined };
  };
  return {
    root,
    show(photos, chosen) {
      root.hidden = photos.length === 0;
      thumbnails = new Map(photos.map((photo) => [photo, thumbnails.get(photo) ?? make()]));
      const buttons = [...thumbnails.values()].map(({ button }) => button);
      if (buttons.length !== root.children.length || buttons.some((button, i) => button !== root.children[i]))
        root.replaceChildren(...buttons);
      [...thumbnails].forEach(([photo, thumbnail], i) => {
        const { button, canvas, drawn } = thumbnail;
        const label = `Photo ${i + 1}: ${photo.picture.name}`;
        button.setAttribute('aria-pressed', String(i === chosen));
        button.setAttribute('aria-label', label);
        button.title = label;
        if (drawn?.hand === photo.hand && drawn?.picture === photo.picture) return;
        drawThumbnail(canvas, photo);
        thumbnail.drawn = { ...photo };
      });
    },
  };
}
