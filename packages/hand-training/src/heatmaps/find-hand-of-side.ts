import type { RgbImage } from '@opposable/drawing';
import { mirrorColumn } from '@opposable/keypoint-order';
import type { Side } from '@opposable/mano-layer';
import { mirrorImage } from '../pictures/mirror-image.js';
import { findHand, type FindHandOptions, type FoundHand } from './find-hand.js';
import type { HeatmapRun } from './heatmap-run.js';

/** A hand of the mirror image of an image of that width, in the image's own pixels; its maps stay those of the mirrored crop. */
export function unmirrorHand(hand: FoundHand, width: number): FoundHand {
  return {
    ...hand,
    crop: { ...hand.crop, x: width - hand.crop.x - hand.crop.width },
    keypoints: hand.keypoints.map((u, i) => (i % 2 === 0 ? mirrorColumn(u, width) : u)),
  };
}

/** {@link findHand} for a hand of either side: all networks are of right hands, and a left one is looked for in the mirror image. */
export async function findHandOfSide(
  run: HeatmapRun,
  image: RgbImage,
  { side, box, ...rest }: FindHandOptions & { readonly side: Side },
): Promise<FoundHand> {
  if (side === 'right') return findHand(run, image, { ...rest, box });
  const mirrored = box && ([image.width - box[0] - box[2], box[1], box[2], box[3]] as const);
  return unmirrorHand(await findHand(run, mirrorImage(image), { ...rest, box: mirrored }), image.width);
}
