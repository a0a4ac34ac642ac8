import type { PredictedHand } from '@opposable/hand-training/predict';
import type { Side } from '@opposable/mano-layer/conventions';
import type { Picture } from './picture.js';
import type { StageTimes } from './predict-photo.js';
import { middle, type Square } from './square.js';

/** A picture with all that is known of its hand. */
export interface Photo {
  picture: Picture;
  square: Square;
  side: Side;
  hand: PredictedHand | undefined;
  times: StageTimes | undefined;
}

const MOST_PHOTOS = 24;

/** A picture that nothing has looked at yet. */
export const newPhoto = (picture: Picture, side: Side): Photo => ({
  picture,
  square: middle(picture.canvas),
  side,
  hand: undefined,
  times: undefined,
});

/** The photos side by side, of which one is chosen. */
export class PhotoList {
  readonly #photos: Photo[] = [];
  #chosen = 0;

  get all(): readonly Photo[] {
    return this.#photos;
  }

  get chosen(): number {
    return this.#chosen;
  }

  get photo(): Photo | undefined {
    return this.#photos[this.#chosen];
  }

  /** Why there is no place for another one, a sentence; undefined: there is. */
  get whyFull(): string | undefined {
    return this.#photos.length < MOST_PHOTOS ? undefined : `The strip holds ${MOST_PHOTOS} photos: remove one first.`;
  }

  /** Adds one behind the others and chooses it. */
  add(photo: Photo): void {
    this.#chosen = this.#photos.push(photo) - 1;
  }

  choose(index: number): void {
    this.#chosen = index;
  }

  remove(index: number): void {
    this.#photos.splice(index, 1);
    if (this.#chosen > index) this.#chosen--;
    this.#chosen = Math.max(0, Math.min(this.#chosen, this.#photos.length - 1));
  }
}
