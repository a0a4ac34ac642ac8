import type { ManoLayer } from '@opposable/mano-layer';
import type { ManoConventionName } from '@opposable/mano-layer/conventions';
import { createRng } from '@opposable/tensor-checks';
import { Busy } from '../busy.js';
import { element } from '../dom.js';
import { onDrop } from '../drop-files.js';
import type { Engine } from '../engines/types.js';
import { notice, sentenceOf } from '../notices.js';
import { metresPerUnit, saveHand } from './export-hand.js';
import { drawHandOverlay } from './hand-overlay.js';
import { HandPanel } from './hand-panel.js';
import { HandScene, type ViewDirections } from './hand-scene.js';
import { decodeHandState, defaultHandState, encodeHandState, type HandState, randomHandState } from './hand-state.js';
import { handToolbar } from './hand-toolbar.js';
import type { HandWishes } from './hand-wishes.js';
import { LatestRun } from './latest-run.js';
import { LayerSpeed } from './layer-speed.js';
import { loadHandFile } from './load-hand-file.js';
import { type HandSource, layerOf, openHand, type PosedHand, poseHand } from './posed-hand.js';
import { surfaceColors } from './surface-colors.js';

/** The back of the hand, fingers up, a little from the side. */
const VIEW: ViewDirections = { up: [-1, 0, 0], from: [-0.28, 0.8, 0.62] };
const LABEL = 'The hand in 3D. Arrow keys turn it, plus and minus zoom, f fits it.';
/** A link that is written at every step of a slider would be refused by the browser. */
const LINK_MS = 250;
const WARM_UPS = 2;

/** One hand: its numbers, which its panel and toolbar wish to change, and from them its layer, picture and link. */
export class HandView {
  readonly root: HTMLElement;
  readonly #busy: Busy;
  #state: HandState;
  #source: HandSource;
  #layer: ManoLayer;
  #posed: PosedHand | undefined;
  #marked: string | undefined;
  #linked: ReturnType<typeof setTimeout> | undefined;
  readonly #wishes: HandWishes = this.#makeWishes();
  readonly #panel = new HandPanel(this.#wishes);
  readonly #speed: LayerSpeed;
  readonly #scene: HandScene;
  readonly #pose = new LatestRun(() => this.#poseOnce());

  constructor(engine: Engine, link: string) {
    this.#speed = new LayerSpeed(engine.name);
    this.#state = this.#read(link);
    this.#source = openHand(this.#state.side);
    this.#layer = layerOf(this.#source.model, this.#state.convention, this.#state.order);
    const stage = element('section', { class: 'stage', 'aria-label': '3D view' }, handToolbar(this.#state, this.#wishes), this.#speed.root); // prettier-ignore
    this.root = element('div', { class: 'hand view' }, stage, this.#panel.root);
    this.#busy = new Busy(this.root);
    this.#scene = new HandScene(stage, LABEL, (context, project) => {
      if (this.#posed === undefined) return false;
      const hand = { state: this.#state, posed: this.#posed, normals: this.#scene.normals, marked: this.#marked };
      drawHandOverlay(context, project, hand);
      return true;
    });
    if (engine.withoutKernels !== undefined) notice(`Without the fused kernels: ${engine.withoutKernels}`, 'error');
    onDrop(this.root, ([file]) => file && this.#wishes.open(file));
    this.#panel.fill(this.#source, this.#state);
    this.#showModel();
    void this.#begin();
  }

  /** The state as the query of a link. */
  get link(): string {
    return encodeHandState(this.#state);
  }

  /** Another link in the same page: a model that the user brought stays. */
  restore(link: string): void {
    if (link === this.link) return;
    this.#state = this.#read(link);
    this.#use(this.#source.anatomical ? openHand(this.#state.side) : this.#source);
  }

  /** The address, which was left a moment before the last change may have reached it. */
  enter(): void {
    this.#keepLink();
  }

  #read(link: string): HandState {
    const { state, refused } = decodeHandState(link);
    refused.forEach((sentence) => notice(sentence, 'error'));
    return state;
  }

  /**
   * The first run of the layer makes its tensors, and the first picture compiles what draws it. Both are over before the speed
   * shows that the page is ready: the first step of a slider is then as fast as any other.
   */
  async #begin(): Promise<void> {
    await this.#pose.ask();
    this.#scene.frame(VIEW);
    for (let i = 0; i < WARM_UPS; i++) {
      await this.#scene.drawn();
      await this.#pose.ask();
    }
    await this.#scene.drawn();
    if (this.#posed) this.#speed.add(this.#posed.milliseconds);
  }

  #makeWishes(): HandWishes {
    return {
      setNumber: (list, i, value) => {
        this.#state[list][i] = value;
        void this.#pose.ask();
      },
      setSurface: (surface) => ((this.#state.surface = surface), this.#paint()),
      setWeightsOf: (joint) => ((this.#state.weightsOf = joint), this.#paint()),
      setFlag: (flag, on) => ((this.#state[flag] = on), this.#scene.render(), this.#keepLink()),
      setSide: (side) => ((this.#state.side = side), this.#use(openHand(side))),
      setConvention: (name) => void this.#changeConvention(name),
      setOrder: (order) => ((this.#state.order = order), void this.#useLayer()),
      mark: (joint) => ((this.#marked = joint), this.#scene.render()),
      frame: () => this.#scene.frame(VIEW),
      open: (file) => void this.#open(file),
      randomise: () => {
        const rng = createRng(`playground ${performance.now()}`);
        this.#state = randomHandState(this.#state, this.#source.model.shapeCount, rng);
        this.#panel.fill(this.#source, this.#state);
        void this.#pose.ask();
      },
      reset: () => {
        const { side, surface, skeleton, numbers, vertexIds } = this.#state;
        this.#state = { ...defaultHandState(), side, surface, skeleton, numbers, vertexIds };
        this.#panel.fill(this.#source, this.#state);
        void this.#useLayer();
      },
      save: (kind) => void this.#attempt(kind, (posed) => saveHand(kind, this.#source, this.#state, posed)),
      copyLink: () =>
        void this.#attempt('Copying the link', async () => {
          this.#writeLink();
          await navigator.clipboard.writeText(location.href);
          notice('The link to this hand is in the clipboard.');
        }),
    };
  }

  async #attempt(doing: string, run: (posed: PosedHand) => Promise<void>): Promise<void> {
    await this.#pose.done(); // what is given out is of the numbers that are shown
    if (this.#posed === undefined) return;
    try {
      await run(this.#posed);
    } catch (error) {
      notice(sentenceOf(error, doing), 'error');
    }
  }

  async #open(file: File): Promise<void> {
    await this.#busy.during(async () => {
      try {
        this.#use(await loadHandFile(file));
        notice(`${file.name}: a ${this.#source.model.side} hand, read in this page.`);
      } catch (error) {
        notice(sentenceOf(error, `Reading ${file.name}`), 'error');
      }
    });
  }

  /** Another hand: its layer, mesh, sliders. */
  #use(source: HandSource): void {
    const before = this.#layer;
    this.#layer = layerOf(source.model, this.#state.convention, this.#state.order); // throws before anything changed
    this.#source = source;
    before.dispose();
    this.#posed = undefined;
    this.#panel.fill(source, this.#state);
    this.root.querySelector('.toolbar')!.replaceWith(handToolbar(this.#state, this.#wishes));
    this.#showModel();
    void this.#pose.ask().then(() => this.#scene.frame(VIEW));
  }

  /** The same hand in another convention or order. */
  #useLayer(): Promise<void> {
    const before = this.#layer;
    this.#layer = layerOf(this.#source.model, this.#state.convention, this.#state.order);
    before.dispose();
    return this.#pose.ask();
  }

  async #changeConvention(name: ManoConventionName): Promise<void> {
    const inMetres = (): Float32Array => this.#posed!.joints.map((value) => value * metresPerUnit(this.#state));
    const before = this.#posed && inMetres();
    this.#state.convention = name;
    await this.#useLayer();
    this.#panel.fillCoefficients(this.#source, this.#state);
    if (before === undefined || this.#posed === undefined) return;
    const after = inMetres();
    const moved = Math.max(...Array.from({ length: after.length / 3 }, (_, j) => Math.hypot(...[0, 1, 2].map((d) => after[3 * j + d]! - before[3 * j + d]!)))); // prettier-ignore
    this.#panel.say(`With the same numbers the joints move by up to ${(1000 * moved).toFixed(1)} mm.`);
    this.#scene.frame();
  }

  async #poseOnce(): Promise<void> {
    const [layer, source, isFirst] = [this.#layer, this.#source, this.#speed.root.textContent === ''];
    try {
      const posed = await poseHand(layer, source, this.#state);
      if (source !== this.#source || layer !== this.#layer) return; // another hand was chosen meanwhile, and is asked for
      this.#posed = posed;
      const scale = metresPerUnit(this.#state);
      this.#scene.setVertices(scale === 1 ? posed.vertices : posed.vertices.map((value) => value * scale));
      if (!isFirst) this.#speed.add(posed.milliseconds);
      this.#keepLink();
    } catch (error) {
      if (layer === this.#layer) notice(sentenceOf(error, 'Posing the hand'), 'error');
    }
  }

  #showModel(): void {
    const { model } = this.#source;
    this.#scene.setTopology(model.vertexCount, model.faces);
    this.#paint();
  }

  #paint(): void {
    this.#scene.setColors(surfaceColors(this.#source.model, this.#state), this.#state.surface === 'wireframe');
    this.#keepLink();
  }

  #keepLink(): void {
    clearTimeout(this.#linked);
    this.#linked = setTimeout(() => this.#writeLink(), LINK_MS);
  }

  #writeLink(): void {
    clearTimeout(this.#linked);
    if (!this.root.isConnected || !/^(?:#hand\b|#?$)/.test(location.hash)) return; // another tab may be on its way
    history.replaceState(null, '', `#hand${this.link === '' ? '' : `?${this.link}`}`);
  }
}
