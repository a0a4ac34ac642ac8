import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FINGER_NAMES } from '@opposable/keypoint-order';
import type { HandLandmarks } from '@opposable/mano-layer';
import { FINGERTIP_SETS, hasManoTopology, MANO_PALM_VERTICES } from '@opposable/mano-layer/conventions';
import { loadManoModel } from '@opposable/mano-layer/node';
import { FileFormatError, OpposableError } from '@opposable/tensor-checks';
import { type HandReference, openHand, type RunHand } from './hand-run.js';

/** 3dhand's choice, whose 22 numbers a network of ours speaks. */
const MANO_LANDMARKS: HandLandmarks = {
  fingertips: Object.fromEntries(
    FINGER_NAMES.map((finger, i) => [finger, FINGERTIP_SETS['3dhand'].right[i]!]),
  ) as HandLandmarks['fingertips'],
  palm: MANO_PALM_VERTICES,
};

/**
 * A right hand from a file: MANO's, with 3dhand's fingertips, or any other that `loadManoModel` reads.
 *
 * @throws FileFormatError naming the file if it cannot be read, is no such model or a left hand
 */
export async function readRunHand(path: string): Promise<RunHand> {
  const file = resolve(path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code;
    throw new FileFormatError(`hand: expected a hand model in ${file}, which cannot be read (${why}).`, { cause });
  }
  // where neither the file nor the shape of the hand says the side, it is taken for a right one
  const read = loadManoModel(bytes).catch(() => loadManoModel(bytes, { side: 'right' }));
  const model = await read.catch((cause: unknown) => {
    if (!(cause instanceof OpposableError)) throw cause;
    const { message, expected, actual } = cause;
    throw new FileFormatError(`hand: ${file}: ${message}`, { cause, expected, actual });
  });
  if (model.side !== 'right') {
    throw new FileFormatError(
      `hand: expected a right hand in ${file}, got a left one; left hands are mirrored for the network.`,
      {
        expected: 'right',
        actual: model.side,
      },
    );
  }
  const landmarks = model.landmarks ?? (hasManoTopology(model) ? MANO_LANDMARKS : undefined);
  return {
    model: { ...model, landmarks },
    reference: { file, sha256: createHash('sha256').update(bytes).digest('hex') },
  };
}

/**
 * The hand of a run.
 *
 * @param place where its file is now; default where it was
 * @throws FileFormatError if the file is not there or is another one, or a file is given to a run of the open hand
 */
export async function findRunHand(reference: HandReference, place?: string): Promise<RunHand> {
  if (reference === 'open-hand') {
    if (place === undefined) return openHand();
    throw new FileFormatError(`hand: expected no file, since the run is of the open hand, got ${place}.`, {
      expected: 'open-hand',
      actual: place,
    });
  }
  const found = await readRunHand(place ?? reference.file).catch((cause: unknown) => {
    if (place !== undefined || !(cause instanceof OpposableError)) throw cause;
    throw new FileFormatError(
      `${cause.message.replace(/\.$/, '')}; the run was trained with it: hand (--hand, model.hand) says where it is now.`,
      {
        cause,
      },
    );
  });
  const { file, sha256 } = found.reference as Exclude<HandReference, string>;
  if (sha256 === reference.sha256) return { model: found.model, reference };
  throw new FileFormatError(
    `hand: expected the hand that the run was trained with, SHA-256 ${reference.sha256}, in ${file}, got ${sha256}.`,
    { expected: reference.sha256, actual: sha256 },
  );
}
