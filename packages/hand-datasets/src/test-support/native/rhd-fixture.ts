import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pyArray, pyDict, type PyLiteral, writePython2Pickle } from '@opposable/array-files/testing';
import { writeImage } from '../../node/images/write-image.js';
import type { HandSample } from '../../types.js';
import { madeUpHands, type NativeFixture, rowsOf, writeImages } from './native-fixture.js';

const SIZE = { width: 320, height: 320 };
const CAMERA = Float64Array.of(480, 0, 160, 0, 480, 160, 0, 0, 1);

const numpy = (shape: number[], data: readonly number[]): PyLiteral =>
  pyArray({ shape, data: Float32Array.from(data) });

/** Rectangles of part values in the mask: the person, then each hand's parts. */
function maskOf(counts: { left: number; right: number }): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(SIZE.width * SIZE.height);
  data.fill(1, 0, 5000);
  for (let i = 0; i < counts.left; i++) data[10_000 + i] = 2 + (i % 16);
  for (let i = 0; i < counts.right; i++) data[50_000 + i] = 18 + (i % 16);
  return { ...SIZE, data };
}

function ofSide({ data }: { data: Uint8Array }, side: 'left' | 'right'): HandSample['mask'] {
  const [first, last] = side === 'left' ? [2, 17] : [18, 33];
  return { ...SIZE, data: data.map((value) => (value >= first && value <= last ? 255 : 0)) };
}

/** float32 as in the file. */
const rounded = (hand: HandSample): HandSample => ({
  ...hand,
  keypoints: Float64Array.from(Float32Array.from(hand.keypoints)),
  keypoints3d: Float64Array.from(
    Float32Array.from(hand.keypoints3d!, (mm) => mm / 1000),
    (metres) => metres * 1000,
  ),
});

/**
 * Two samples with both hands: of the first the left hand is larger in the mask, of the second the right one, whose little
 * finger is hidden, while nothing is seen of its left hand.
 */
function rhdFixture(hands: 'dominant' | 'both', folderName: string): NativeFixture {
  return {
    name: 'rhd',
    variant: `${hands} hands`,
    options: { split: 'evaluation', hands },
    async write(folder, rng) {
      const made = (side: 'left' | 'right') => madeUpHands(rng.split(side), 2, { ...SIZE, side, camera: CAMERA });
      const [left, right] = [made('left').map(rounded), made('right').map(rounded)];
      const masks = [maskOf({ left: 900, right: 300 }), maskOf({ left: 0, right: 500 })];
      const hidden = Uint8Array.from({ length: 21 }, (_, i) => (i >= 17 ? 1 : 2)); // panoptic order
      right[1] = { ...right[1]!, visibility: hidden };
      const unseen = { ...left[1]!, visibility: new Uint8Array(21).fill(1) };
      const rows = (hand: HandSample): number[] => {
        const seen = rowsOf(Float64Array.from(hand.visibility), 'rhd').flat();
        return rowsOf(hand.keypoints, 'rhd').flatMap((row, i) => [...row, seen[i] === 2 ? 1 : 0]);
      };
      const metres = (hand: HandSample) =>
        rowsOf(hand.keypoints3d!, 'rhd').flatMap((row) => row.map((mm) => mm / 1000));
      const samples = [0, 1].map((i): PyLiteral => {
        const both = [i === 0 ? left[0]! : unseen, right[i]!];
        return pyDict({
          uv_vis: numpy([42, 3], both.flatMap(rows)),
          xyz: numpy([42, 3], both.flatMap(metres)),
          K: numpy([3, 3], Array.from(CAMERA)),
        });
      });
      const base = join(folder, folderName, 'evaluation');
      await mkdir(base, { recursive: true });
      const entries = samples.map((sample, i): [PyLiteral, PyLiteral] => [i, sample]);
      await writeFile(join(base, 'anno_evaluation.pickle'), writePython2Pickle({ kind: 'dict', entries }));
      await writeImages(base, right, (i) => `color/0000${i}.png`);
      for (const [i, mask] of masks.entries()) {
        const image = {
          ...SIZE,
          data: Uint8Array.from({ length: 3 * mask.data.length }, (_, k) => mask.data[Math.floor(k / 3)]!),
        };
        await writeImage(join(base, `mask/0000${i}.png`), image);
      }
      const pictured = (hand: HandSample, i: number): HandSample => ({
        ...hand,
        image: right[i]!.image,
        mask: ofSide(masks[i]!, hand.side),
      });
      const first = [pictured(left[0]!, 0), ...(hands === 'both' ? [pictured(right[0]!, 0)] : [])];
      return [...first, pictured(right[1], 1)];
    },
  };
}

export const RHD_FIXTURES: readonly NativeFixture[] = [
  rhdFixture('dominant', 'RHD_published_v2'),
  rhdFixture('both', '.'),
];
