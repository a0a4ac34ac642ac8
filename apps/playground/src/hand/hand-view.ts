import type { ManoLayer } from '@opposable/mano-layer';
import { names } from '@opposable/keypoint-order';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { choice, download, element, section, toggle } from '../dom.js';
import { onDrop } from '../drop-files.js';
import type { Engine } from '../engine.js';
import { notice, sentenceOf } from '../notices.js';
import { conventionPanel } from './convention-panel.js';
import { drawAxes } from './draw-axes.js';
import { drawKeypoints, drawVertexIds } from './draw-keypoints.js';
import { handAsGlb, handAsJson, handAsObj, metresPerUnit } from './export-hand.js';
import { decodeHandState, defaultHandState, encodeHandState, type HandState, SURFACES } from './hand-state.js';
import { HandScene, type Projector, type ViewDirections } from './hand-scene.js';
import { coefficientSliders, jointSliders, shapeSliders } from './joint-sliders.js';
import { loadHandFile } from './load-hand-file.js';
import { orderTable } from './order-table.js';
import { type HandSource, layerOf, type PosedHand, poseHand } from './posed-hand.js';
import { surfaceColors } from './surface-colors.js';

/** The back of the hand, fingers up, a little from the side. */
const VIEW: ViewDirections = { up: [-1, 0, 0], from: [-0.28, 0.8, 0.62] };

const openHand = (side: HandState['side']): HandSource => ({
  model: loadOpenHand(side),
  name: `open hand, ${side}`,
  anatomical: true,
});

/** Sliders, picture and files of one hand. */
export class HandView {
  readonly root: HTMLElement;
  #state: HandState;
  #source: HandSource;
  #layer: ManoLayer;
  #posed: PosedHand | undefined;
  #pending = false;
  #running = false;
  #marked: string | undefined;
  #times: number[] = [];
  #linked: ReturnType<typeof setTimeout> | undefined;
  readonly #scene: HandScene;
  readonly #panel = element('div', { class: 'panel', tabindex: -1 });
  readonly #speed = element('output', { class: 'speed', 'aria-label': 'Time of the layer' });

  constructor(engine: Engine, link: string) {
    const { state, refused } = decodeHandState(link);
    refused.forEach((sentence) => notice(sentence, 'error'));
    this.#state = state;
    this.#source = openHand(state.side);
    this.#layer = layerOf(this.#source.model, state.convention, state.order);
    const stage = element('section', { class: 'stage', 'aria-label': '3D view' }, this.#toolbar(), this.#speed);
    this.root = element('div', { class: 'hand view' }, stage, this.#panel);
    this.#scene = new HandScene(stage, 'The hand in 3D. Arrow keys turn it, plus and minus zoom, f fits it.', (c, p) =>
      this.#draw(c, p),
    );
    if (engine.withoutKernels !== undefined) notice(`Without the fused kernels: ${engine.withoutKernels}`, 'error');
    onDrop(this.root, ([file]) => file && void this.#open(file));
    this.#fillPanel();
    this.#showModel();
    void this.#update()
      .then(() => this.#scene.frame(VIEW))
      .then(() => ((this.#times = []), this.#update())); // the first run also makes the layer's tensors
  }

  /** The state as the query of a link. */
  get link(): string {
    return encodeHandState(this.#state);
  }

  /** Another link in the same page. */
  restore(link: string): void {
    if (link === this.link) return;
    const { state, refused } = decodeHandState(link);
    refused.forEach((sentence) => notice(sentence, 'error'));
    this.#state = state;
    this.#use(openHand(state.side));
  }

  dispose(): void {
    this.#layer.dispose();
    this.#scene.dispose();
  }

  #toolbar(): HTMLElement {
    const state = this.#state;
    const joints = names('mano-raw').slice(0, 16);
    const weights = element(
      'select',
      {
        'aria-label': 'Joint whose weights are shown',
        hidden: state.surface !== 'weights',
        change: () => ((this.#state.weightsOf = Number(weights.value)), this.#paint()),
      },
      ...joints.map((name, j) => element('option', { value: j, selected: j === state.weightsOf }, name)),
    );
    const surface = choice('Surface', SURFACES, state.surface, (value) => {
      this.#state.surface = value;
      weights.hidden = value !== 'weights';
      this.#paint();
    });
    const flag = (label: string, name: 'skeleton' | 'numbers' | 'vertexIds'): HTMLElement =>
      toggle(label, state[name], (on) => ((this.#state[name] = on), this.#scene.render(), this.#keepLink()));
    const flags = [flag('Skeleton', 'skeleton'), flag('Numbers', 'numbers'), flag('Vertex ids', 'vertexIds')];
    const fit = element('button', { type: 'button', click: () => this.#scene.frame(VIEW) }, 'Fit');
    return element('div', { class: 'toolbar' }, surface.root, weights, ...flags, fit);
  }

  #fillPanel(): void {
    const state = this.#state;
    const changed = (): void => void this.#update();
    const open = (title: string, fallback: boolean): boolean =>
      [...this.#panel.querySelectorAll<HTMLDetailsElement>(':scope > details')].find(
        (each) => each.querySelector('summary span')?.textContent === title,
      )?.open ?? fallback;
    const convention = conventionPanel(
      state.convention,
      (name) => void this.#changeConvention(name, (sentence) => convention.say(sentence)),
    );
    const table = orderTable(
      state.order,
      (order) => {
        state.order = order;
        this.#useLayer();
      },
      (joint) => ((this.#marked = joint), this.#scene.render()),
    );
    const part = (title: string, fallback: boolean, hint: string, ...children: HTMLElement[]): HTMLElement =>
      section(title, { open: open(title, fallback), hint }, ...children);
    this.#panel.replaceChildren(
      this.#modelPart(),
      part('Shape', true, 'β', ...shapeSliders(this.#source, state, changed)),
      part('Pose', true, 'coefficients', ...coefficientSliders(this.#source, state, changed)),
      part('Joints', false, 'angles', ...jointSliders(this.#source, state, changed)),
      part('Convention', false, 'what numbers mean', convention.root),
      part('Keypoint orders', false, 'side by side', table.root),
      this.#exportPart(),
    );
  }

  #modelPart(): HTMLElement {
    const { model, name, anatomical } = this.#source;
    const side = choice('Side', { left: 'Left', right: 'Right' }, model.side, (value) => {
      this.#state.side = value;
      this.#use(openHand(value));
    });
    const input = element('input', {
      type: 'file',
      accept: '.pkl,.npz,.safetensors',
      'aria-label': 'Hand model file',
      change: () => input.files?.[0] && void this.#open(input.files[0]),
    });
    const facts = `${model.vertexCount} vertices · ${model.faces.length / 3} faces · ${model.shapeCount} shapes · ${model.side}`;
    const back = element('button', { type: 'button', click: () => this.#use(openHand(this.#state.side)) }, 'Open hand');
    return element(
      'div',
      { class: 'model' },
      element('div', { class: 'row' }, element('strong', { class: 'model-name' }, name), anatomical ? side.root : back),
      element('p', { class: 'hint facts-line' }, facts),
      element('label', { class: 'dropzone' }, element('b', {}, 'Your MANO file'), ' .pkl, .npz or .safetensors: drop it or choose it. It stays in this page.', input), // prettier-ignore
      element(
        'div',
        { class: 'row buttons' },
        element('button', { type: 'button', click: () => this.#randomise() }, 'Random hand'),
        element('button', { type: 'button', click: () => this.#reset() }, 'Reset'),
      ),
    );
  }

  #exportPart(): HTMLElement {
    const button = (label: string, run: (posed: PosedHand) => Promise<void> | void): HTMLElement =>
      element('button', { type: 'button', click: () => void this.#try(`${label}`, run) }, label);
    return element(
      'div',
      { class: 'export', role: 'group', 'aria-label': 'Export' },
      button('GLB', async (posed) => {
        const glb = await handAsGlb(this.#source, this.#state, posed);
        download('hand.glb', 'model/gltf-binary', glb as Uint8Array<ArrayBuffer>);
      }),
      button('OBJ', (posed) => download('hand.obj', 'model/obj', handAsObj(this.#source, this.#state, posed))),
      button('JSON', (posed) =>
        download('hand.json', 'application/json', handAsJson(this.#source, this.#state, posed)),
      ),
      button('Copy link', async () => {
        this.#writeLink();
        await navigator.clipboard.writeText(location.href);
        notice('The link to this hand is in the clipboard.');
      }),
    );
  }

  async #try(doing: string, run: (posed: PosedHand) => Promise<void> | void): Promise<void> {
    if (this.#posed === undefined) return;
    try {
      await run(this.#posed);
    } catch (error) {
      notice(sentenceOf(error, doing), 'error');
    }
  }

  async #open(file: File): Promise<void> {
    this.root.classList.add('busy');
    try {
      this.#use(await loadHandFile(file));
      notice(`${file.name}: a ${this.#source.model.side} hand, read in this page.`);
    } catch (error) {
      notice(sentenceOf(error, `Reading ${file.name}`), 'error');
    } finally {
      this.root.classList.remove('busy');
    }
  }

  /** Another hand: its layer, mesh, sliders. */
  #use(source: HandSource): void {
    const before = { source: this.#source, layer: this.#layer };
    const layer = layerOf(source.model, this.#state.convention, this.#state.order); // throws before anything changed
    this.#source = source;
    this.#layer = layer;
    before.layer.dispose();
    this.#posed = undefined;
    this.#fillPanel();
    this.#replaceToolbar();
    this.#showModel();
    void this.#update().then(() => this.#scene.frame(VIEW));
  }

  #useLayer(): void {
    const before = this.#layer;
    this.#layer = layerOf(this.#source.model, this.#state.convention, this.#state.order);
    before.dispose();
    void this.#update();
  }

  #replaceToolbar(): void {
    this.root.querySelector('.toolbar')!.replaceWith(this.#toolbar());
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

  async #changeConvention(name: HandState['convention'], say: (sentence: string) => void): Promise<void> {
    const before = this.#posed && this.#posed.joints.map((value) => value * metresPerUnit(this.#state));
    this.#state.convention = name;
    this.#useLayer();
    await this.#update();
    const after = this.#posed!.joints.map((value) => value * metresPerUnit(this.#state));
    const moved = Math.max(...after.map((_, i) => Math.hypot(...[0, 1, 2].map((k) => after[i - (i % 3) + k]! - before![i - (i % 3) + k]!)))); // prettier-ignore
    say(`With the same numbers the joints move by up to ${(1000 * moved).toFixed(1)} mm.`);
    this.#scene.frame();
    const pose = [...this.#panel.querySelectorAll('details')].find((each) => each.querySelector('summary span')?.textContent === 'Pose'); // prettier-ignore
    pose?.querySelector('.body')?.replaceChildren(...coefficientSliders(this.#source, this.#state, () => void this.#update())); // prettier-ignore
  }

  #randomise(): void {
    const rng = createRng(`playground ${performance.now()}`);
    const bounded = (deviation: number): number => Math.max(-2, Math.min(2, rng.normal(0, deviation)));
    const { shapeCount } = this.#source.model;
    this.#state.betas.forEach((_, i) => (this.#state.betas[i] = i < shapeCount ? bounded(1) : 0));
    this.#state.coefficients.forEach((_, i) => (this.#state.coefficients[i] = i < 6 ? bounded(0.9) : 0));
    this.#state.angles.fill(0);
    this.#fillPanel();
    void this.#update();
  }

  #reset(): void {
    const { side, surface, skeleton, numbers, vertexIds } = this.#state;
    this.#state = { ...defaultHandState(), side, surface, skeleton, numbers, vertexIds };
    this.#fillPanel();
    this.#useLayer();
  }

  /** Poses the hand from the state as it is when its turn comes: a burst of changes is one or two runs of the layer. */
  async #update(): Promise<void> {
    this.#pending = true;
    if (this.#running) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#running = true;
    try {
      while (this.#pending) {
        this.#pending = false;
        const [layer, source] = [this.#layer, this.#source];
        const posed = await poseHand(layer, source, this.#state);
        if (source !== this.#source || layer !== this.#layer) continue; // another hand was chosen meanwhile
        this.#posed = posed;
        const scale = metresPerUnit(this.#state);
        this.#scene.setVertices(scale === 1 ? posed.vertices : posed.vertices.map((value) => value * scale));
        this.#showSpeed(posed.milliseconds);
        this.#keepLink();
      }
    } catch (error) {
      notice(sentenceOf(error, 'Posing the hand'), 'error');
    } finally {
      this.#running = false;
      this.#waiting.splice(0).forEach((resolve) => resolve());
    }
  }
  readonly #waiting: (() => void)[] = [];

  #showSpeed(milliseconds: number): void {
    this.#times = [...this.#times.slice(-30), milliseconds];
    const middle = [...this.#times].sort((a, b) => a - b)[Math.floor(this.#times.length / 2)]!;
    this.#speed.textContent = `layer ${middle.toFixed(2)} ms`;
    this.#speed.title = `Median of the last ${this.#times.length} updates, from numbers to vertices read back, on wasm.`;
  }

  #draw(context: CanvasRenderingContext2D, project: Projector): void {
    if (this.#posed === undefined) return;
    const { skeleton: bones, numbers, vertexIds, order } = this.#state;
    const scale = metresPerUnit(this.#state);
    const scaled = (values: Float32Array): Float32Array =>
      scale === 1 ? values : values.map((value) => value * scale);
    const keypoints = scaled(this.#posed.keypoints);
    drawAxes(context, project, keypoints);
    if (vertexIds) drawVertexIds(context, scaled(this.#posed.vertices), this.#scene.normals, project);
    const marked = this.#marked === undefined ? -1 : (names(order) as string[]).indexOf(this.#marked);
    if (!bones && !numbers && marked < 0) return;
    const points = Array.from({ length: 21 }, (_, i) => {
      const [x, y] = project(keypoints[3 * i]!, keypoints[3 * i + 1]!, keypoints[3 * i + 2]!);
      return [x, y] as const;
    });
    drawKeypoints(context, points, order, { bones, numbers, marked });
  }

  #keepLink(): void {
    clearTimeout(this.#linked);
    this.#linked = setTimeout(() => this.#writeLink(), 250);
  }

  #writeLink(): void {
    clearTimeout(this.#linked);
    if (!this.root.isConnected) return;
    history.replaceState(null, '', `#hand${this.link === '' ? '' : `?${this.link}`}`);
  }
}
