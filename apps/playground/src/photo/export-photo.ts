import { type PredictedHand, predictionJson } from '@opposable/hand-training/predict';
import { writeGlb, writeObj } from '@opposable/mano-layer/files';
import { loadOpenHand } from '@opposable/open-hand';
import { download } from '../dom.js';
import type { Photo } from './photo-list.js';

export type PhotoFormat = 'json' | 'glb' | 'obj';

const meshOf = ({ vertices, side }: PredictedHand) => {
  const { faces, vertexColors } = loadOpenHand(side);
  return { vertices, faces, colors: vertexColors };
};

/** Offers the hand of a photo as a file: JSON as `opposable predict` writes it, or its mesh. Without a hand nothing happens. */
export async function savePhoto(format: PhotoFormat, photo: Photo | undefined): Promise<void> {
  if (photo?.hand === undefined) return;
  const { hand, picture } = photo;
  if (format === 'json') return download('hand.json', 'application/json', predictionJson(picture.name, hand));
  if (format === 'obj') return download('hand.obj', 'model/obj', writeObj(meshOf(hand), { frame: 'image' }));
  const bytes = await writeGlb(meshOf(hand), { frame: 'image' });
  download('hand.glb', 'model/gltf-binary', bytes as Uint8Array<ArrayBuffer>);
}
