import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pyArray, pyDict, type PyLiteral, writePython2Pickle } from '@opposable/array-files/testing';
import type { HandSample } from '../../types.js';
import { madeUpHands, type NativeFixture, rowsOf, writeImages } from './native-fixture.js';

const SIZE = { width: 640, height: 480 };

const numpy = (shape: number[], data: ArrayLike<number>): PyLiteral =>
  pyArray({ shape, data: Float64Array.from(data) });
const openGl = ([x, y, z]: number[]): number[] => [x! / 1000, -y! / 1000, -z! / 1000];

async function writeMeta(folder: string, place: string, fields: Record<string, PyLiteral>): Promise<void> {
  await mkdir(join(folder, place, 'meta'), { recursive: true });
  const all = { objName: '021_bleach_cleanser', objRot: numpy([3, 1], [0, 1, 0]), objTrans: numpy([3], [0, 0, -0.5]) };
  await writeFile(join(folder, place, 'meta', '0007.pkl'), writePython2Pickle(pyDict({ ...all, ...fields })));
}

/** v2, training: two sequences of a frame each, the second without annotation, the third annotated again. */
const train: NativeFixture = {
  name: 'ho3d',
  variant: 'v2, training',
  dropped: { 'no hand': 1 },
  async write(folder, rng) {
    const hands = madeUpHands(rng, 2, SIZE);
    const sequences = ['ABF10', 'BB11', 'MC1'];
    const numbers = (count: number) => Float64Array.from({ length: count }, () => rng.normal(0, 0.3));
    const mano = hands.map(() => ({ pose: numbers(48), betas: numbers(10), transl: numbers(3) }));
    const annotated = async (hand: number, sequence: string) => {
      const { pose, betas, transl } = mano[hand]!;
      await writeMeta(folder, `train/${sequence}`, {
        camMat: numpy([3, 3], hands[hand]!.camera!),
        handJoints3D: numpy([21, 3], rowsOf(hands[hand]!.keypoints3d!, 'mano-raw').flatMap(openGl)),
        handPose: numpy([48], pose),
        handBeta: numpy([10], betas),
        handTrans: numpy([3], transl),
      });
    };
    await annotated(0, 'ABF10');
    await writeMeta(folder, 'train/BB11', {
      camMat: numpy([3, 3], hands[0]!.camera!),
      ...{ handJoints3D: null, handPose: null, handBeta: null, handTrans: null },
    });
    await annotated(1, 'MC1');
    await writeFile(join(folder, 'train.txt'), `${sequences.map((name) => `${name}/0007`).join('\n')}\n`);
    await writeImages(folder, [hands[0]!, hands[0]!, hands[1]!], (i) => `train/${sequences[i]}/rgb/0007.png`);
    return hands.map((hand, i) => ({ ...hand, mano: { convention: 'ho3d', ...mano[i]! } }));
  },
};

/** v3, evaluation: the wrist alone and a box. */
const evaluation: NativeFixture = {
  name: 'ho3d',
  variant: 'v3, evaluation',
  options: { split: 'evaluation' },
  async write(folder, rng) {
    const hand = madeUpHands(rng, 1, SIZE)[0]!;
    const [x, y, width, height] = hand.bbox;
    await writeMeta(folder, 'evaluation/SM1', {
      camMat: numpy([3, 3], hand.camera!),
      handJoints3D: numpy([3], openGl(rowsOf(hand.keypoints3d!, 'panoptic')[0]!)),
      handBoundingBox: { kind: 'list', items: [x, y, x + width, y + height] },
    });
    await writeFile(join(folder, 'evaluation.txt'), 'SM1/0007\n');
    await writeImages(folder, [hand], () => 'evaluation/SM1/rgb/0007.jpg');
    const alone = <T extends Float64Array | Uint8Array>(values: T): T =>
      values.map((value: number, i: number) => (i < values.length / 21 ? value : 0)) as T;
    const wrist: HandSample = {
      ...hand,
      keypoints: alone(hand.keypoints),
      visibility: alone(hand.visibility),
      keypoints3d: alone(hand.keypoints3d!),
      keypoints3dValid: alone(hand.keypoints3dValid!),
    };
    return [wrist];
  },
};

export const HO3D_FIXTURES: readonly NativeFixture[] = [train, evaluation];
