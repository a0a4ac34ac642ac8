import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  MeshPhysicalMaterial,
  PerspectiveCamera,
  Scene,
  SRGBColorSpace,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';

/** What is drawn over the picture, in pixels of the page: called after each frame. Says whether it drew anything. */
export type Overlay = (context: CanvasRenderingContext2D, project: Projector) => boolean;

/** From a point of the scene to pixels of the page. */
export interface Projector {
  /** @returns x, y in CSS pixels and the distance from the camera */
  (x: number, y: number, z: number): readonly [x: number, y: number, distance: number];
  readonly camera: Vector3;
  readonly width: number;
  readonly height: number;
}

/** Directions of a view: which way is up, and from where the camera looks. */
export interface ViewDirections {
  readonly up: readonly [number, number, number];
  readonly from: readonly [number, number, number];
}

const FIELD_OF_VIEW = 28;
const KEY_STEP = 0.12;

/** One hand, well lit, that can be turned by pointer and keyboard, with a canvas over it for lines and numbers. */
export class HandScene {
  readonly root: HTMLElement;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 0.01, 20);
  #controls: OrbitControls;
  readonly #geometry = new BufferGeometry();
  readonly #material = new MeshPhysicalMaterial({
    roughness: 0.62,
    sheen: 0.35,
    sheenRoughness: 0.5,
    sheenColor: new Color(0xffb199),
    vertexColors: true,
  });
  readonly #mesh = new Mesh(this.#geometry, this.#material);
  readonly #context: CanvasRenderingContext2D;
  readonly #overlay: Overlay;
  /** What the picture was last fitted to. */
  #fitted = '';
  #scheduled: Promise<void> | undefined;

  /** @throws Error where the browser has no WebGL 2 */
  constructor(root: HTMLElement, label: string, overlay: Overlay) {
    this.root = root;
    this.#overlay = overlay;
    this.#renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.#renderer.outputColorSpace = SRGBColorSpace;
    const canvas = this.#renderer.domElement;
    canvas.tabIndex = 0;
    canvas.className = 'scene';
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', label);
    const lines = document.createElement('canvas');
    lines.className = 'lines';
    lines.setAttribute('aria-hidden', 'true');
    this.#context = lines.getContext('2d')!;
    root.prepend(canvas, lines);

    this.#scene.add(this.#mesh, this.#camera);
    this.#addLights();
    this.#controls = this.#makeControls();
    canvas.addEventListener('keydown', (event) => this.#turnByKey(event));
    new ResizeObserver(() => this.#resize()).observe(root);
  }

  #makeControls(): OrbitControls {
    const controls = new OrbitControls(this.#camera, this.#renderer.domElement);
    controls.addEventListener('change', () => this.render());
    controls.minDistance = 0.05;
    controls.maxDistance = 5;
    return controls;
  }

  /** Key, fill and rim light move with the camera, so that the hand is well lit from everywhere. */
  #addLights(): void {
    const light = (color: number, intensity: number, [x, y, z]: readonly [number, number, number]): void => {
      const made = new DirectionalLight(color, intensity);
      made.position.set(x, y, z);
      made.target.position.set(0, 0, -1);
      this.#camera.add(made, made.target);
    };
    light(0xfff3e6, 2.3, [-1.2, 1.6, 1.2]);
    light(0xdde8ff, 0.8, [1.8, 0.2, 0.6]);
    light(0xffffff, 1.1, [0.6, 1.2, -2.6]);
    this.#scene.add(new HemisphereLight(0xffffff, 0xb9a79c, 0.75));
  }

  /** Another mesh: triangles and, from now on, as many vertices. */
  setTopology(vertexCount: number, faces: ArrayLike<number>): void {
    this.#geometry.setAttribute('position', new BufferAttribute(new Float32Array(vertexCount * 3), 3));
    this.#geometry.setAttribute('color', new BufferAttribute(new Float32Array(vertexCount * 3).fill(0.6), 3));
    this.#mesh.visible = faces.length > 0;
    this.#geometry.setIndex(new BufferAttribute(Uint32Array.from(faces), 1));
  }

  /** [V, 3] in metres. */
  setVertices(vertices: Float32Array): void {
    const position = this.#geometry.getAttribute('position') as BufferAttribute;
    position.array.set(vertices);
    position.needsUpdate = true;
    this.#geometry.computeVertexNormals();
    this.#geometry.computeBoundingSphere();
    this.render();
  }

  /** [V, 3] sRGB in 0–1. */
  setColors(colors: ArrayLike<number>, wireframe: boolean): void {
    const attribute = this.#geometry.getAttribute('color') as BufferAttribute;
    const color = new Color();
    for (let v = 0; v < attribute.count; v++) {
      color.setRGB(colors[v * 3]!, colors[v * 3 + 1]!, colors[v * 3 + 2]!, SRGBColorSpace);
      attribute.setXYZ(v, color.r, color.g, color.b);
    }
    attribute.needsUpdate = true;
    this.#material.wireframe = wireframe;
    this.render();
  }

  /** The unit normals that the last vertices got, [V, 3]. */
  get normals(): ArrayLike<number> {
    return this.#geometry.getAttribute('normal').array;
  }

  /** Puts the whole hand into the picture, seen from the given side, or from where the camera is. */
  frame(directions?: ViewDirections): void {
    const { boundingSphere } = this.#geometry;
    if (boundingSphere === null) return;
    const { center, radius } = boundingSphere;
    const offset = directions
      ? new Vector3(...directions.from).normalize()
      : this.#camera.position.clone().sub(this.#controls.target).normalize();
    if (directions) {
      this.#camera.up.set(...directions.up);
      this.#controls.dispose(); // they read the camera's up once, when they are made
      this.#controls = this.#makeControls();
    }
    const half = Math.tan(((FIELD_OF_VIEW / 2) * Math.PI) / 180);
    const distance = (1.02 * radius) / (half * Math.min(1, this.#camera.aspect));
    this.#controls.target.copy(center);
    this.#camera.position.copy(center).addScaledVector(offset, distance);
    this.#controls.update();
    this.render();
  }

  /** Draws before the next refresh of the screen, once however often it is called. */
  render(): void {
    this.#scheduled ??= new Promise((resolve) =>
      requestAnimationFrame(() => {
        this.#scheduled = undefined;
        this.#renderer.render(this.#scene, this.#camera);
        this.#drawOverlay();
        resolve();
      }),
    );
  }

  /** When what was asked for is drawn. */
  async drawn(): Promise<void> {
    await this.#scheduled;
  }

  #drawOverlay(): void {
    const { clientWidth: width, clientHeight: height } = this.#renderer.domElement;
    this.#context.clearRect(0, 0, width, height);
    const point = new Vector3();
    const project = (x: number, y: number, z: number): readonly [number, number, number] => {
      const distance = point.set(x, y, z).distanceTo(this.#camera.position);
      point.project(this.#camera);
      return [((point.x + 1) / 2) * width, ((1 - point.y) / 2) * height, distance];
    };
    const view = Object.assign(project, { camera: this.#camera.position, width, height });
    // hidden: on a busy machine Chromium goes on showing a canvas that was cleared and nothing else
    this.#context.canvas.hidden = !this.#overlay(this.#context, view);
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#renderer.domElement;
    if (width === 0 || height === 0) return;
    const ratio = Math.min(2, devicePixelRatio);
    // the picture's centre is that of the part below the tool bar
    const bar = this.root.querySelector<HTMLElement>('.toolbar');
    const covered = bar === null ? 0 : Math.min(height / 3, bar.offsetTop + bar.offsetHeight);
    const fitted = [width, height, ratio, covered].join(' ');
    if (fitted === this.#fitted) return this.render(); // in the page again, as it was left
    const [isFirst, aspect] = [this.#fitted === '', this.#camera.aspect];
    this.#fitted = fitted;
    this.#renderer.setPixelRatio(ratio);
    this.#renderer.setSize(width, height, false);
    const lines = this.#context.canvas;
    [lines.width, lines.height] = [width * ratio, height * ratio];
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#camera.setViewOffset(width, height - covered, 0, -covered, width, height);
    if (isFirst) return this.frame();
    // as near, measured by what it takes to see the whole hand
    const { target } = this.#controls;
    const distances = Math.min(1, aspect) / Math.min(1, this.#camera.aspect);
    this.#camera.position.sub(target).multiplyScalar(distances).add(target);
    this.#controls.update();
    this.render();
  }

  #turnByKey(event: KeyboardEvent): void {
    const turns: Record<string, readonly [number, number, number]> = {
      ArrowLeft: [-KEY_STEP, 0, 1],
      ArrowRight: [KEY_STEP, 0, 1],
      ArrowUp: [0, -KEY_STEP, 1],
      ArrowDown: [0, KEY_STEP, 1],
      '+': [0, 0, 0.9],
      '-': [0, 0, 1.1],
    };
    const turn = turns[event.key];
    if (event.key === 'f') this.frame();
    if (turn === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [around, over, zoom] = turn;
    const up = this.#camera.up.clone().normalize();
    const offset = this.#camera.position.clone().sub(this.#controls.target);
    const side = up.clone().cross(offset).normalize();
    const turned = offset.clone().applyAxisAngle(up, around).applyAxisAngle(side, over).multiplyScalar(zoom);
    if (turned.angleTo(up) > 0.05 && turned.angleTo(up) < Math.PI - 0.05)
      this.#camera.position.copy(this.#controls.target).add(turned);
    this.#controls.update();
  }
}
