import { axisAngleToMatrix, projectPerspective } from '@opposable/geometry/host';
import { reorder } from '@opposable/keypoint-order';
import { MANO_CONVENTIONS, type ManoModel, poseManoAnnotation } from '@opposable/mano-layer/conventions';
import { loadOpenHand } from '@opposable/open-hand';
import { createRng } from '@opposable/tensor-checks';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpz } from '@opposable/array-files';
import { pyArray, pyDict, writePython2Pickle } from '@opposable/array-files/testing';
import { writeImage } from '../node/images/write-image.js';
import { readers } from '../node/readers/readers.js';
import type { SampleStream } from '../node/readers/types.js';
import { largestDifference } from '../test-support/tolerance.js';
import type { HandSample } from '../types.js';
import { manoInCamera, sampleMano } from './mano-in-camera.js';
import { mirrorSample } from './mirror-sample.js';
import { prepareSample } from './prepare-sample.js';

const hands = { left: loadOpenHand('left'), right: loadOpenHand('right') };
const rng = createRng('mano in camera');
const normals = (count: number, deviation: number) =>
  Float64Array.from({ length: count }, () => rng.normal(0, deviation));
const apply = (r: ArrayLike<number>, p: readonly number[]) =>
  [0, 1, 2].map((row) => p.reduce((sum, value, k) => sum + r[3 * row + k]! * value, 0));
const K = [600, 0, 320, 0, 600, 240, 0, 0, 1];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mano-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, contents: string | Uint8Array): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), contents);
}
async function putImage(name: string, width: number, height: number): Promise<void> {
  await writeImage(join(folder, name), { width, height, data: new Uint8Array(width * height * 3).fill(90) });
}
async function firstOf(stream: SampleStream): Promise<HandSample> {
  for await (const sample of stream) return sample;
  throw new Error(JSON.stringify(stream.report));
}

/** MANO by hand: wrist rotation about the rest wrist, then the translation, of a hand whose finger pose is given absolutely. */
function posed(model: ManoModel, orient: ArrayLike<number>, absolute: ArrayLike<number>, betas: ArrayLike<number>) {
  const flat = { ...MANO_CONVENTIONS.freihand, flatHandMean: true, center: 'none', sides: [model.side] } as const;
  const rest = { side: model.side, globalOrient: [0, 0, 0], handPose: absolute, betas, transl: [0, 0, 0] };
  const { keypoints } = poseManoAnnotation(rest, model, flat); // panoptic, metres, wrist unturned
  const wrist = Array.from(keypoints.slice(0, 3));
  const rotation = axisAngleToMatrix(Float64Array.from(orient));
  return Float64Array.from({ length: 63 }, (_, i) => {
    const point = i - (i % 3);
    const relative = [0, 1, 2].map((k) => keypoints[point + k]! - wrist[k]!);
    return apply(rotation, relative)[i % 3]! + wrist[i % 3]!;
  });
}
const shifted = (points: Float64Array, by: ArrayLike<number>) => points.map((value, i) => value + by[i % 3]!);

/** The parameters put the hand where the dataset's own 3D and 2D are, also mirrored, cropped and resized. */
function expectToProject(sample: HandSample): void {
  for (const hand of [sample, mirrorSample(sample), prepareSample(sample, { size: 96, keypointOrder: 'mano' })]) {
    if (hand.mano === undefined) continue;
    const { keypoints, vertices } = manoInCamera(hand, hands)!;
    expect(vertices).toHaveLength(hands.right.vertexCount * 3);
    expect(largestDifference(keypoints, hand.keypoints3d!)).toBeLessThan(1e-3);
    expect(largestDifference(projectPerspective(keypoints, hand.camera!), hand.keypoints)).toBeLessThan(1e-3);
  }
}

describe('manoInCamera', () => {
  const orient = [0.4, -2.6, 0.8];
  const fingers = normals(45, 0.2);
  const betas = normals(10, 0.5);

  it('puts a hand of FreiHAND onto its keypoints: the middle knuckle is at the root of the 61 numbers', async () => {
    const camera = [480, 0, 112, 0, 480, 110, 0, 0, 1];
    const absolute = fingers.map((value, k) => value + hands.right.handsMean[k]!);
    const points = posed(hands.right, orient, absolute, betas);
    const root = [0.01, -0.02, 0.7];
    const xyz = shifted(
      points,
      root.map((value, k) => value - points[27 + k]!),
    );
    const scale = 480 / root[2]!;
    const uv = [root[0]! * scale + 112, root[1]! * scale + 110];
    await put('training_K.json', JSON.stringify([[camera.slice(0, 3), camera.slice(3, 6), camera.slice(6)]]));
    await put(
      'training_xyz.json',
      JSON.stringify([Array.from({ length: 21 }, (_, i) => [...xyz.slice(3 * i, 3 * i + 3)])]),
    );
    await put('training_mano.json', JSON.stringify([[[...orient, ...fingers, ...betas, ...uv, scale]]]));
    await putImage('training/rgb/00000000.jpg', 224, 224);
    const sample = await firstOf(readers.freihand(folder, { versions: ['gs'] }));
    expectToProject(sample);
    expect(mirrorSample(sample).mano).toBeDefined();
  });

  it('puts a hand of HO-3D onto its keypoints: OpenGL axes, no mean added', async () => {
    const transl = [0.02, 0.01, -0.6]; // in front of an OpenGL camera
    const points = shifted(posed(hands.right, orient, fingers, betas), transl);
    const joints = reorder(points, 'panoptic', 'mano-raw');
    const numpy = (shape: number[], data: ArrayLike<number>) => pyArray({ shape, data: Float64Array.from(data) });
    const meta = pyDict({
      camMat: numpy([3, 3], K),
      handJoints3D: numpy([21, 3], joints),
      handPose: numpy([48], [...orient, ...fingers]),
      handBeta: numpy([10], betas),
      handTrans: numpy([3], transl),
    });
    await put('train.txt', 'A1/0000\n');
    await put('train/A1/meta/0000.pkl', writePython2Pickle(meta));
    await putImage('train/A1/rgb/0000.png', 640, 480);
    const sample = await firstOf(readers.ho3d(folder));
    expectToProject(sample);
    expect(mirrorSample(sample).mano).toBeDefined();
  });

  it.each(['right', 'left'] as const)(
    'puts a %s hand of InterHand2.6M onto its keypoints: metres in the world, joints in mm, a camera with extrinsics',
    async (side) => {
      const model = hands[side];
      const absolute = fingers.map((value, k) => value + model.handsMean[k]!);
      const transl = [0.1, 0.05, 1.1];
      const world = shifted(posed(model, orient, absolute, betas), transl).map((metres) => 1000 * metres);
      const rotation = axisAngleToMatrix(Float64Array.of(0.1, 0.2, -0.1));
      const campos = [20, -30, 100];
      const invalid = new Array<number[]>(21).fill([1, 1, 1]);
      const own = reorder(world, 'panoptic', 'interhand');
      const rows = Array.from({ length: 21 }, (_, i) => [...own.slice(3 * i, 3 * i + 3)]);
      const valid = [
        ...new Array<number>(21).fill(side === 'right' ? 1 : 0),
        ...new Array<number>(21).fill(side === 'left' ? 1 : 0),
      ];
      const name = (kind: string) => `annotations/test/InterHand2.6M_test_${kind}.json`;
      const image = { id: 1, file_name: 'a.jpg', width: 334, height: 512, capture: 0, camera: 'c', frame_idx: 5 };
      const annotation = { id: 1, image_id: 1, hand_type: side, joint_valid: valid.map((flag) => [flag]) };
      await put(name('data'), JSON.stringify({ images: [image], annotations: [annotation] }));
      await put(
        name('camera'),
        JSON.stringify({
          0: {
            campos: { c: campos },
            camrot: { c: [0, 3, 6].map((i) => [...rotation.slice(i, i + 3)]) },
            focal: { c: [300, 310] },
            princpt: { c: [160, 250] },
          },
        }),
      );
      const world_coord = side === 'right' ? [...rows, ...invalid] : [...invalid, ...rows];
      await put(name('joint_3d'), JSON.stringify({ 0: { 5: { world_coord } } }));
      const fit = { pose: [...orient, ...fingers], shape: [...betas], trans: transl };
      await put(name('MANO_NeuralAnnot'), JSON.stringify({ 0: { 5: { right: null, left: null, [side]: fit } } }));
      await putImage('images/test/a.jpg', 334, 512);
      const sample = await firstOf(readers.interhand(folder, { split: 'test' }));
      expectToProject(sample);
      expect(mirrorSample(sample).mano!.worldToCamera).toBeDefined();
    },
  );

  it.each(['right', 'left'] as const)('puts a %s hand of DexYCB onto its keypoints: 45 coefficients', async (side) => {
    const model = hands[side];
    const coefficients = Float32Array.from(normals(45, 0.5));
    const absolute = model.handsMean.map((mean, k) => {
      let sum = mean;
      for (let c = 0; c < 45; c++) sum += coefficients[c]! * model.handsComponents[45 * c + k]!;
      return sum;
    });
    const [orient32, betas32, transl] = [orient, betas, [0.03, -0.02, 0.8]].map((list) => Float32Array.from(list));
    const points = shifted(posed(model, orient32!, absolute, betas32!), transl!);
    const pixels = projectPerspective(points, Float64Array.from(K));
    const place = '20200709-subject-01/20200709_141754';
    await put(
      `${place}/meta.yml`,
      `serials:\n- '836212060125'\nnum_frames: 1\nmano_calib:\n- x\nmano_sides:\n- ${side}\n`,
    );
    await put('calibration/mano_x/mano.yml', `betas:\n${[...betas32!].map((value) => `- ${value}`).join('\n')}\n`);
    await put(
      'calibration/intrinsics/836212060125_640x480.yml',
      'color:\n  fx: 600\n  fy: 600\n  ppx: 320\n  ppy: 240\n',
    );
    const labels = writeNpz({
      seg: { shape: [480, 640], data: new Uint8Array(480 * 640) },
      pose_m: { shape: [1, 51], data: Float32Array.from([...orient32!, ...coefficients, ...transl!]) },
      joint_3d: { shape: [1, 21, 3], data: Float32Array.from(points) },
      joint_2d: { shape: [1, 21, 2], data: Float32Array.from(pixels) },
    });
    await put(`${place}/836212060125/labels_000000.npz`, labels);
    await putImage(`${place}/836212060125/color_000000.jpg`, 640, 480);
    const sample = await firstOf(readers.dexycb(folder));
    expectToProject(sample);
    // 48 numbers, but coefficients: they have no exact mirror
    expect(mirrorSample(sample).mano).toBeUndefined();
  });

  it('has nothing for a sample without parameters, and refuses those that cannot be placed', () => {
    const hand = { id: 'x', side: 'right', isMirrored: false, keypointOrder: 'panoptic' } as const;
    expect(sampleMano({ ...hand, mano: undefined })).toBeUndefined();
    expect(manoInCamera({ ...hand, mano: undefined }, hands)).toBeUndefined();
    const mano = { convention: 'ho3d', pose: new Float64Array(48), betas: new Float64Array(10), transl: undefined };
    expect(() => manoInCamera({ ...hand, mano }, hands)).toThrow(
      "expected the translation of the MANO parameters of sample 'x', got none",
    );
    expect(() => sampleMano({ ...hand, mano: { ...mano, convention: 'mine' } })).toThrow("got 'mine'");
  });
});
