import type { RgbImage } from '@opposable/drawing';
import { findHandOfSide, type NumberSmoother } from '@opposable/hand-training/predict';
import { inTurn } from './in-turn.js';
import type { NetworkFiles, Networks } from './networks.js';
import type { Photo } from './photo-list.js';
import { type Picture, pixelsOf } from './picture.js';
import { predictPhoto } from './predict-photo.js';
import { inside, type Square } from './square.js';

/** Where a hand was found. */
export interface FoundHand {
  readonly square: Square;
  readonly confidence: number;
  readonly milliseconds: number;
}

/** Looks at photos with the networks, at one after the other. */
export class PhotoPredictor {
  readonly #networks: Networks;
  readonly #inTurn = inTurn();
  /** Photos that were changed and not looked at since. */
  readonly #waiting = new Set<Photo>();
  #seen: { readonly picture: Picture; readonly image: RgbImage } | undefined;

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  /** Another network, when the one that is used now is done. @returns what it is, a sentence */
  use(files: NetworkFiles): Promise<string> {
    return this.#inTurn(async () => this.#networks.use(files));
  }

  /** Whether a look at the photo is still to come: it will see whatever changes until then. */
  isWaiting(photo: Photo): boolean {
    return this.#waiting.has(photo);
  }

  /** Predicts the hand of a photo, as the photo is when its turn comes. */
  async predict(photo: Photo, smoother?: NumberSmoother): Promise<void> {
    this.#waiting.add(photo);
    await this.#inTurn(async () => {
      this.#waiting.delete(photo);
      const { square, side } = photo;
      const found = await predictPhoto(this.#networks, this.#pixels(photo.picture), { square, side, smoother });
      photo.hand = found?.hand;
      photo.times = found?.times;
    });
  }

  /** Looks for a hand of the photo's side. @returns undefined while there is no heat-map network */
  async find({ picture, side }: Photo): Promise<FoundHand | undefined> {
    const detector = this.#networks.detector;
    if (detector === undefined) return undefined;
    return this.#inTurn(async () => {
      const start = performance.now();
      const { crop, confidence } = await findHandOfSide(detector.run, this.#pixels(picture), { side });
      const square = inside({ ...crop, side: crop.width }, picture.canvas);
      return { square, confidence, milliseconds: performance.now() - start };
    });
  }

  #pixels(picture: Picture): RgbImage {
    if (this.#seen?.picture !== picture) this.#seen = { picture, image: pixelsOf(picture) };
    return this.#seen.image;
  }
}
