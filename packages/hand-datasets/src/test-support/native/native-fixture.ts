import { projectPerspective } from '@opposable/geometry/host';
import { reorder } from '@opposable/keypoint-order';
import type { Side } from '@opposable/mano-layer/conventions';
import type { Rng } from '@opposable/tensor-checks';
import { boxOfKeypoints } from '../../readers/build-record.js';
import { mirrorSample } from '../../transform/mirror-sample.js';
import type { HandSample } from '../../types.js';
import { writeImage } from '../../node/images/write-image.js';
import { syntheticSample } from '../synthetic-sample.js';

/** A made-up dataset in the layout in which its authors distribute it. */
export interface NativeFixture {
  /** Name in `readers`. */
  readonly name: string;
  /** What distinguishes several fixtures of one reader. */
  readonly variant?: string;
  /** Options for the reader. */
  readonly options?: object;
  /** What the reader must count beside the hands. */
  readonly dropped?: Readonly<Record<string, number>>;
  /** Writes the files. @returns the hands, in the order in which the reader must give them */
  write(folder: string, rng: Rng): Promise<readonly HandSample[]>;
}

/** The hand seen by another camera: 2D and box follow, the picture does not. */
export function seenBy(hand: HandSample, camera: Float64Array): HandSample {
  const keypoints = projectPerspective(hand.keypoints3d!, camera);
  return { ...hand, camera, keypoints, bbox: boxOfKeypoints(keypoints, hand.visibility) };
}

export interface MadeUpOptions {
  readonly side?: Side;
  readonly width?: number;
  readonly height?: number;
  /** Intrinsics; by default such that the hand fills the picture, without skew. */
  readonly camera?: Float64Array;
}

/** Made-up hands of one side, exact in 3D, camera and 2D, with a picture that is gray. */
export function madeUpHands(rng: Rng, count: number, options: MadeUpOptions = {}): HandSample[] {
  const { side = 'right', width = 160, height = 120 } = options;
  const camera = options.camera ?? Float64Array.of(width, 0, width / 2, 0, width, height / 2, 0, 0, 1);
  return Array.from({ length: count }, (_, i) => {
    const made = syntheticSample(rng.split(i), { id: `hand ${i}` });
    const hand = side === 'right' ? made : { ...mirrorSample(made), isMirrored: false };
    const image = { width, height, data: new Uint8Array(width * height * 3).fill(10 * i + 50) };
    return { ...seenBy({ ...hand, mask: undefined, mano: undefined }, camera), image };
  });
}

/** [21][2] or [21][3] rows of a hand in another order. */
export function rowsOf(values: ArrayLike<number>, order: string, extra: readonly number[] = []): number[][] {
  const dimension = values.length / 21;
  const reordered = reorder(Float64Array.from(values), 'panoptic', order);
  return Array.from({ length: 21 }, (_, i) => [...reordered.slice(i * dimension, (i + 1) * dimension), ...extra]);
}

/** [3][3] rows of a camera. */
export function matrixOf({ camera }: HandSample): number[][] {
  return [0, 3, 6].map((i) => Array.from(camera!.slice(i, i + 3)));
}

export async function writeImages(
  folder: string,
  hands: readonly HandSample[],
  name: (i: number) => string,
): Promise<void> {
  await Promise.all(hands.map((hand, i) => writeImage(`${folder}/${name(i)}`, hand.image)));
}
