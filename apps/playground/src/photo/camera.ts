import { ConfigError } from '@opposable/tensor-checks';
import { type Picture, pictureOf } from './picture.js';

/** Frames are looked at in this length: what the networks see is smaller still. */
const LONGEST = 640;

const SENTENCES: Readonly<Record<string, string>> = {
  NotAllowedError: 'The browser did not allow the camera: allow it in the address bar and try again.',
  NotFoundError: 'There is no camera.',
  OverconstrainedError: 'There is no camera that gives pictures of a fitting size.',
  NotReadableError: 'The camera is used by another program.',
  AbortError: 'The camera could not be started.',
};

/** A camera that runs. `stop()` ends it, and its light. */
export class Camera {
  readonly #stream: MediaStream;
  readonly #video: HTMLVideoElement;
  #stopped = false;

  private constructor(stream: MediaStream, video: HTMLVideoElement) {
    this.#stream = stream;
    this.#video = video;
  }

  /**
   * Starts the camera that looks away from the person, where there are several.
   *
   * @param ended called when the camera ends by itself, as when it is unplugged
   * @throws ConfigError with the reason, where there is none
   */
  static async open(ended: () => void): Promise<Camera> {
    const devices = (navigator as { readonly mediaDevices?: MediaDevices }).mediaDevices;
    if (devices === undefined) {
      throw new ConfigError('The browser gives a camera only to pages of this machine or of https addresses.');
    }
    let stream: MediaStream | undefined;
    try {
      stream = await devices.getUserMedia({ audio: false, video: { facingMode: 'environment', width: { ideal: 1280 } } }); // prettier-ignore
      const video = document.createElement('video');
      Object.assign(video, { muted: true, playsInline: true, srcObject: stream });
      await video.play();
      stream.getVideoTracks().forEach((track) => track.addEventListener('ended', ended));
      return new Camera(stream, video);
    } catch (cause) {
      stream?.getTracks().forEach((track) => track.stop());
      const name = cause instanceof DOMException ? cause.name : '';
      throw new ConfigError(SENTENCES[name] ?? `The camera could not be started: ${String(cause)}.`, { cause });
    }
  }

  /** What it shows now, when the screen is refreshed next; undefined once it has stopped. */
  async frame(): Promise<Picture | undefined> {
    do await new Promise((resolve) => requestAnimationFrame(resolve));
    while (!this.#stopped && this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA);
    if (this.#stopped) return undefined;
    const { videoWidth: width, videoHeight: height } = this.#video;
    const factor = Math.min(1, LONGEST / Math.max(width, height));
    return pictureOf(this.#video, width * factor, height * factor, 'camera');
  }

  stop(): void {
    this.#stopped = true;
    this.#stream.getTracks().forEach((track) => track.stop());
    this.#video.srcObject = null;
  }
}
