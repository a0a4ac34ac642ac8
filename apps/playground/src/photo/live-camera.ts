import { type NumberSmoother, numberSmoother } from '@opposable/hand-training/predict';
import type { Side } from '@opposable/mano-layer/conventions';
import { Camera } from './camera.js';
import { newPhoto, type Photo } from './photo-list.js';

/** What becomes of the frames. */
export interface LiveActions {
  /** Looks at the frame. @returns false where that failed: the camera stops, since once is enough */
  readonly predict: (photo: Photo, smoother: NumberSmoother | undefined) => Promise<boolean>;
  readonly show: () => void;
  readonly stopped: () => void;
  /** The camera went away by itself. */
  readonly lost: () => void;
}

const PATIENCE_MS = 250;

/** Lets what the person does, and what is to be drawn, go first. */
const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: PATIENCE_MS });
    else setTimeout(resolve, 20); // Safari has none
  });

/** A camera whose frames are looked at, one after the other, as one photo that changes. */
export class LiveCamera {
  readonly #actions: LiveActions;
  #now: { readonly camera: Camera; readonly photo: Photo } | undefined;
  #smoother: NumberSmoother | undefined;
  /** The start that is under way. */
  #asked: symbol | undefined;

  constructor(actions: LiveActions) {
    this.#actions = actions;
  }

  /** The frame that is shown; undefined while no camera runs. */
  get photo(): Photo | undefined {
    return this.#now?.photo;
  }

  smooth(on: boolean): void {
    this.#smoother = on ? numberSmoother() : undefined;
  }

  /**
   * Starts the camera and the look at its first frame.
   *
   * @throws ConfigError with the reason, where there is none
   */
  async start(side: Side): Promise<void> {
    const mine = (this.#asked = Symbol('start'));
    const camera = await Camera.open(() => {
      this.stop();
      this.#actions.lost();
    });
    const picture = await camera.frame();
    if (picture === undefined || this.#asked !== mine || this.#now) return camera.stop();
    const photo = newPhoto(picture, side);
    this.#now = { camera, photo };
    this.#smoother?.reset();
    void this.#watch(camera, photo);
  }

  async #watch(camera: Camera, photo: Photo): Promise<void> {
    while (this.#now?.camera === camera) {
      const isDone = await this.#actions.predict(photo, this.#smoother);
      if (this.#now?.camera !== camera) return;
      if (!isDone) return this.stop();
      this.#actions.show();
      await idle();
      const picture = await camera.frame();
      if (picture) photo.picture = picture;
    }
  }

  /** Lets go of the camera, if one runs, or is about to. */
  stop(): void {
    this.#asked = undefined;
    if (this.#now === undefined) return;
    this.#now.camera.stop();
    this.#now = undefined;
    this.#actions.stopped();
  }
}
