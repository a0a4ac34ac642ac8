import * as tf from '@tensorflow/tfjs-core';
import { MINIMUM_CONFIDENCE, type NumberSmoother } from '@opposable/hand-training/predict';
import type { Side } from '@opposable/mano-layer/conventions';
import { Busy } from '../busy.js';
import { element } from '../dom.js';
import { onDrop } from '../drop-files.js';
import { notice, sentenceOf } from '../notices.js';
import { savePhoto } from './export-photo.js';
import { LiveCamera } from './live-camera.js';
import { MeshStage } from './mesh-stage.js';
import { fetchOwnNetwork, isNetworkFile, Networks, readNetworkFiles } from './networks.js';
import { newPhoto, type Photo, PhotoList } from './photo-list.js';
import { photoPanel } from './photo-panel.js';
import { PhotoPredictor } from './photo-predictor.js';
import { PhotoStage } from './photo-stage.js';
import { photoStrip } from './photo-strip.js';
import { type Picture, readPicture } from './picture.js';
import './photo.css';

const WELCOME = 'Drop, paste or choose a picture of one hand, or start the camera.';

/** Fetches what the view needs beside the page, while the page loads. */
export const openNetworks = async (): Promise<Networks> => new Networks(await fetchOwnNetwork());

/** Pictures, the hands that a network sees in them, over the picture and in 3D. */
export class PhotoView {
  readonly root: HTMLElement;
  readonly #networks: Networks;
  readonly #predictor: PhotoPredictor;
  readonly #photos = new PhotoList();
  readonly #busy: Busy;
  #side: Side = 'right';
  readonly #stage = new PhotoStage({
    changeSquare: (square) => this.#change({ square }),
    changeSide: (side) => {
      this.#side = side;
      this.#change({ side });
    },
    changeSmoothing: (on) => this.#live.smooth(on),
  });
  readonly #mesh = new MeshStage();
  readonly #strip = photoStrip((index) => this.#choose(index), (index) => this.#remove(index)); // prettier-ignore
  readonly #panel = photoPanel({
    open: (files) => void this.#open(files),
    toggleCamera: () => void (this.#live.photo ? this.#live.stop() : this.#startCamera()),
    takePhoto: () => this.#takePhoto(),
    find: () => void this.#find(),
    remove: () => this.#remove(this.#photos.chosen),
    save: (format) => void this.#attempt('Saving', () => savePhoto(format, this.#photo)),
  });
  readonly #live = new LiveCamera({
    predict: (photo, smoother) => this.#predict(photo, smoother),
    show: () => this.#showPhoto(),
    stopped: () => {
      this.#panel.say(this.#photos.photo ? '' : WELCOME);
      this.#showAll();
    },
    lost: () => notice('The camera has stopped.', 'error'),
  });
  readonly #paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || !this.root.isConnected) return;
    event.preventDefault();
    void this.#open(files);
  };

  constructor(networks: Networks) {
    this.#networks = networks;
    this.#predictor = new PhotoPredictor(networks);
    const stages = element('div', { class: 'stages' }, this.#stage.root, this.#mesh.root, this.#strip.root);
    this.root = element('div', { class: 'photo view' }, stages, this.#panel.root);
    this.#busy = new Busy(this.root);
    onDrop(this.root, (files) => void this.#open(files));
    document.addEventListener('paste', this.#paste);
    try {
      networks.prepare();
    } catch (error) {
      notice(sentenceOf(error, 'Loading the page’s own network'), 'error');
    }
    this.#panel.say(WELCOME);
    this.#showAll();
  }

  restore(): void {
    // nothing of a photo is in its link
  }

  /** Nobody is looked at by a camera that they cannot see. */
  leave(): void {
    this.#live.stop();
  }

  /** What is shown: while the camera runs its frame, else the chosen photo. */
  get #photo(): Photo | undefined {
    return this.#live.photo ?? this.#photos.photo;
  }

  /** @returns whether the work was done; if not, the page has said why */
  async #attempt(doing: string, work: () => void | Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      notice(sentenceOf(error, doing), 'error');
      return false;
    }
  }

  /** Pictures and the files of a network, together or apart. */
  #open(files: readonly File[]): Promise<void> {
    return this.#busy.during(async () => {
      const networks = files.filter(isNetworkFile);
      if (networks.length > 0) await this.#attempt('Loading the network', () => this.#useNetwork(networks));
      for (const file of files.filter((each) => !isNetworkFile(each))) {
        await this.#attempt(`Reading ${file.name}`, async () => this.#add(await readPicture(file)));
      }
    });
  }

  async #useNetwork(files: readonly File[]): Promise<void> {
    const said = await this.#predictor.use(await readNetworkFiles(files));
    for (const photo of this.#photos.all) await this.#predict(photo);
    this.#showAll();
    notice(said);
  }

  async #add(picture: Picture): Promise<void> {
    if (this.#photos.whyFull) return notice(`${picture.name} was left out. ${this.#photos.whyFull}`, 'error');
    this.#live.stop();
    const photo = newPhoto(picture, this.#side);
    this.#photos.add(photo);
    await this.#predict(photo);
    this.#panel.say(picture.note ?? 'Move the square so that the hand fills about half of it.');
    this.#showAll();
    this.#mesh.frame();
  }

  #choose(index: number): void {
    this.#live.stop();
    this.#photos.choose(index);
    this.#showAll();
    this.#mesh.frame();
  }

  #remove(index: number): void {
    this.#photos.remove(index);
    if (this.#photos.photo === undefined) this.#panel.say(WELCOME);
    this.#showAll();
  }

  /** Something of the photo that is shown: a burst of changes is one or two runs of the network. */
  #change(part: Partial<Photo>): void {
    const photo = this.#photo;
    if (photo === undefined) return;
    Object.assign(photo, part);
    this.#showPhoto();
    if (this.#live.photo || this.#predictor.isWaiting(photo)) return; // the look to come takes it
    void this.#busy.during(async () => {
      await this.#predict(photo);
      this.#showAll();
    });
  }

  #predict(photo: Photo, smoother?: NumberSmoother): Promise<boolean> {
    return this.#attempt('Predicting the hand', () => this.#predictor.predict(photo, smoother));
  }

  async #find(): Promise<void> {
    const photo = this.#photo;
    if (photo === undefined) return;
    if (this.#networks.detector === undefined) {
      return notice('Looking for a hand needs a heat-map network: drop its model.json and weights.bin.', 'error');
    }
    await this.#busy.during(async () => {
      this.#panel.say('Looking for the hand …');
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      await this.#attempt('Looking for the hand', async () => {
        const found = await this.#predictor.find(photo);
        if (found === undefined) return;
        const isSure = found.confidence >= MINIMUM_CONFIDENCE;
        const confidence = `confidence ${found.confidence.toFixed(2)}${isSure ? '' : ` of at least ${MINIMUM_CONFIDENCE}`}`;
        this.#panel.say(`${isSure ? 'Hand' : 'No hand'} found: ${confidence}, ${found.milliseconds.toFixed(0)} ms.`);
        if (isSure && photo === this.#photo) this.#change({ square: found.square });
      });
    });
  }

  #startCamera(): Promise<boolean> {
    return this.#busy.during(() =>
      this.#attempt('Starting the camera', async () => {
        await this.#live.start(this.#side);
        if (this.#live.photo) this.#panel.say('Hold the hand into the square.');
        this.#showAll();
      }),
    );
  }

  /** The frame that is shown, with its square, as a photo of the strip. */
  #takePhoto(): void {
    const photo = this.#live.photo;
    if (photo === undefined) return;
    if (this.#photos.whyFull) return notice(this.#photos.whyFull, 'error');
    const name = `camera ${this.#photos.all.length + 1}`;
    this.#photos.add({ ...photo, picture: { ...photo.picture, name } });
    this.#live.stop();
    this.#change({});
  }

  #showPhoto(): void {
    const photo = this.#photo;
    const drawing = this.#stage.show(photo);
    this.#mesh.show(photo?.hand);
    const stages = photo?.times && { ...photo.times, drawing };
    const text = stages && Object.entries(stages).map(([stage, ms]) => `${stage} ${ms.toFixed(ms < 10 ? 1 : 0)}`).join(' · '); // prettier-ignore
    this.#stage.sayTimes(text === undefined ? '' : `${text} ms on ${tf.getBackend()}`);
    this.#panel.enable({ picture: photo !== undefined, hand: photo?.hand !== undefined, camera: this.#live.photo !== undefined }); // prettier-ignore
  }

  #showAll(): void {
    this.#stage.showCamera(this.#live.photo !== undefined);
    this.#strip.show(this.#photos.all, this.#live.photo ? -1 : this.#photos.chosen);
    this.#panel.showNetworks(this.#networks);
    this.#showPhoto();
  }
}
