import type { PredictedHand } from '@opposable/hand-training/predict';
import type { Side } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { element } from '../dom.js';
import { defaultHandState } from '../hand/hand-state.js';
import { HandScene, type ViewDirections } from '../hand/hand-scene.js';
import { surfaceColors } from '../hand/surface-colors.js';

/** As the camera of the picture saw it, a little from the side and from above: y down, z away from the camera. */
const VIEW: ViewDirections = { up: [0, -1, 0], from: [0.35, -0.3, -1] };

/** The predicted hand in 3D. Without WebGL 2 it says so, and the rest of the view works. */
export class MeshStage {
  readonly root = element('section', { class: 'stage mesh-stage', 'aria-label': '3D view' });
  readonly #scene: HandScene | undefined;
  #side: Side | undefined;

  constructor() {
    try {
      this.#scene = new HandScene(this.root, 'The predicted hand in 3D: turn it with the arrow keys, zoom with plus and minus', () => false); // prettier-ignore
    } catch {
      this.root.append(element('p', { class: 'starting' }, 'There is no 3D view: this browser has no WebGL 2.'));
    }
  }

  show(hand: PredictedHand | undefined): void {
    this.root.classList.toggle('empty', hand === undefined);
    if (this.#scene === undefined || hand === undefined) return;
    const isOther = this.#side !== hand.side;
    if (isOther) {
      const model = loadOpenHand(hand.side);
      this.#side = hand.side;
      this.#scene.setTopology(model.vertexCount, model.faces);
      this.#scene.setColors(surfaceColors(model, defaultHandState()), false);
    }
    this.#scene.setVertices(Float32Array.from(hand.vertices));
    if (isOther) this.#scene.frame(VIEW);
  }

  /** Puts the whole hand into the view, from where it is looked at. */
  frame(): void {
    this.#scene?.frame();
  }
}
