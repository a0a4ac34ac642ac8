import type { KeypointOrderName } from '@opposable/keypoint-order';
import { element } from '../dom.js';
import { drawKeypoints } from '../hand/draw-keypoints.js';
import { HandScene, type Projector, type ViewDirections } from '../hand/hand-scene.js';
import { surfaceColors } from '../hand/surface-colors.js';
import { sentenceOf } from '../notices.js';
import type { Shown } from './data-state.js';
import type { LoadedSample } from './load-sample.js';
import { openHandMesh, type SampleMesh } from './open-hand-mesh.js';

/** As the camera sees it: x right, y down, z away. */
const VIEW: ViewDirections = { up: [0, -1, 0], from: [0, 0, -1] };
const MILLIMETRES = 1000;

/** [K, 3] around the middle of those that are known, in metres; the unknown ones are at the middle. */
function centred(points: ArrayLike<number>, isKnown: (k: number) => boolean): Float64Array {
  const known = Array.from({ length: points.length / 3 }, (_, k) => k).filter(isKnown);
  const middle = [0, 1, 2].map((d) => known.reduce((sum, k) => sum + points[3 * k + d]!, 0) / known.length);
  return Float64Array.from(points, (value, i) =>
    isKnown(Math.floor(i / 3)) ? (value - middle[i % 3]!) / MILLIMETRES : 0,
  );
}

/** A sample in 3D: its keypoints, and the mesh of the open hand where its parameters give it. */
export class SampleScene {
  readonly root: HTMLElement;
  readonly #hint = element('p', { class: 'starting', hidden: true });
  readonly #scene: HandScene | undefined;
  #sample: LoadedSample | undefined;
  #points: readonly (readonly [number, number, number] | undefined)[] = [];
  #mesh: SampleMesh | undefined;
  #topology: unknown;
  #how: { readonly order: KeypointOrderName; readonly shown: Shown } | undefined;
  #framed = false;

  constructor() {
    this.root = element('section', { class: 'stage solid', 'aria-label': '3D view' }, this.#hint);
    try {
      const label = 'The sample in 3D. Arrow keys turn it, plus and minus zoom, f fits it.';
      this.#scene = new HandScene(this.root, label, (context, project) => this.#draw(context, project));
    } catch (error) {
      this.#say(sentenceOf(error, 'Drawing in 3D'));
    }
  }

  /** What the 3D view shows, in words. */
  get content(): string {
    const { handParameters, mano } = this.#sample?.annotation ?? {};
    if (this.#mesh !== undefined) return 'keypoints and the open hand’s mesh';
    if (handParameters || mano) return 'keypoints; the parameters are another model’s than the open hand’s';
    return this.#points.length > 0 ? 'keypoints' : 'nothing';
  }

  show(sample: LoadedSample, how: { readonly order: KeypointOrderName; readonly shown: Shown }): void {
    const isNew = sample !== this.#sample || how.shown.mesh !== this.#how?.shown.mesh;
    this.#how = how;
    if (isNew) this.#fill(sample);
    this.#scene?.render();
  }

  /** As the camera sees it. */
  frame(): void {
    this.#scene?.frame(VIEW);
  }

  #say(sentence: string): void {
    this.#hint.textContent = sentence;
    this.#hint.hidden = sentence === '';
  }

  #fill(sample: LoadedSample): void {
    if (sample !== this.#sample) this.#mesh = openHandMesh(sample.annotation, sample.record);
    this.#sample = sample;
    const { keypoints3d, keypoints3dValid } = sample.annotation;
    const source = this.#mesh?.keypoints ?? keypoints3d;
    if (this.#scene) this.#say(source ? '' : 'This sample has no 3D.');
    if (source === undefined) {
      this.#points = [];
      this.#setMesh(new Float64Array(9), undefined);
      return;
    }
    const isKnown = (k: number): boolean => this.#mesh !== undefined || keypoints3dValid?.[k] !== 0;
    const points = centred(source, isKnown);
    this.#points = Array.from({ length: 21 }, (_, k) =>
      isKnown(k) ? ([points[3 * k]!, points[3 * k + 1]!, points[3 * k + 2]!] as const) : undefined,
    );
    if (this.#mesh && this.#how!.shown.mesh) {
      const shift = [0, 1, 2].map((d) => points[d]! - source[d]! / MILLIMETRES);
      this.#setMesh(this.#mesh.vertices.map((value, i) => value / MILLIMETRES + shift[i % 3]!), this.#mesh); // prettier-ignore
    } else this.#setMesh(points, undefined);
  }

  /** Where there is no mesh its points still say how large the picture is. */
  #setMesh(vertices: Float64Array, mesh: SampleMesh | undefined): void {
    const topology = mesh?.model ?? vertices.length;
    if (topology !== this.#topology) {
      this.#scene?.setTopology(vertices.length / 3, mesh?.model.faces ?? []);
      if (mesh) this.#scene?.setColors(surfaceColors(mesh.model, { surface: 'skin', weightsOf: 0 }), false);
    }
    this.#topology = topology;
    this.#scene?.setVertices(Float32Array.from(vertices));
    this.#scene?.frame(this.#framed ? undefined : VIEW);
    this.#framed = true;
  }

  #draw(context: CanvasRenderingContext2D, project: Projector): boolean {
    const { order, shown } = this.#how ?? {};
    if (order === undefined || shown === undefined || !(shown.skeleton || shown.numbers)) return false;
    const points = this.#points.map((point) => point && ([...project(...point)].slice(0, 2) as [number, number]));
    drawKeypoints(context, points, order, {
      bones: shown.skeleton,
      numbers: shown.numbers,
      side: Math.min(project.width, project.height),
    });
    return points.some((point) => point !== undefined);
  }
}
