// What the drawing benchmark draws; as a worker, draws the full scene for `workerData.seconds` and posts the number of images.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createSceneRenderer } from '@opposable/drawing';
import { decodeHandParameters, HAND_PARAMETER_MEAN } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';

const hand = loadOpenHand('right');
const { vertices3d } = decodeHandParameters(hand, HAND_PARAMETER_MEAN);

export const triangles = hand.faces.length / 3;
export const mesh = { vertices: vertices3d, faces: hand.faces, colors: hand.vertexColors };
export const cameraFor = (size) => ({
  kind: 'weak-perspective',
  scale: (272 * size) / 128,
  translation: [size / 2 - 0.5, size / 2 - 0.5],
});

/** One lamp and ambient light. */
export const PLAIN = { meshes: [mesh] };
/** Everything: two lamps, one with a shadow, harmonics, shiny skin. */
export const FULL = {
  meshes: [{ ...mesh, material: { specular: 0.028, roughness: 0.45, wrap: [0.25, 0.1, 0.05] } }],
  lights: [
    { kind: 'directional', direction: [0.4, 0.5, 1], intensity: 0.7, shadow: true },
    { kind: 'directional', direction: [-1, 0.2, 0.4], intensity: 0.2 },
    { kind: 'spherical-harmonics', coefficients: Array.from({ length: 27 }, (_, i) => (i < 3 ? 0.8 : 0.05)) },
  ],
  ambient: 0.05,
};

if (!isMainThread && workerData?.drawing === true) {
  const renderer = createSceneRenderer();
  const options = { width: 256, height: 256, antialias: 2 };
  let into;
  const draw = () => (into = renderer.render(FULL, cameraFor(256), { ...options, into }));
  for (let i = 0; i < 30; i++) draw();
  parentPort.postMessage('ready');
  parentPort.once('message', () => {
    const end = performance.now() + workerData.seconds * 1000;
    let images = 0;
    for (; performance.now() < end; images++) draw();
    parentPort.postMessage(images);
    parentPort.close();
  });
}
