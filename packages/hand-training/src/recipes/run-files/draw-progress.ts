import { contactSheet, encodePng, type RgbImage } from '@opposable/drawing';
import { selectRows, type TrainingArrays } from '../../data/training-arrays.js';
import { evaluateRun } from '../../evaluation/evaluate-run.js';
import { pictureRow, rowLabels } from '../../pictures/test-pictures.js';
import type { HandRun } from '../../run/hand-run.js';

/** Hands of each set that a sheet shows. */
export const SHOWN = 4;

export interface ProgressSheet {
  readonly image: RgbImage;
  readonly png: Uint8Array;
}

/** The first hands of the training set, then of the held-back one: truth, prediction, mesh, mesh from the side. */
export async function drawProgress(
  run: HandRun,
  sets: Readonly<Record<string, TrainingArrays>>,
): Promise<ProgressSheet> {
  const pictures: RgbImage[] = [];
  const labels: string[] = [];
  for (const [name, arrays] of Object.entries(sets)) {
    const few = selectRows(arrays, [...Array(Math.min(SHOWN, arrays.count)).keys()]);
    const evaluation = await evaluateRun(run, few);
    for (let i = 0; i < few.count; i++) {
      pictures.push(...pictureRow(run.hand, few, evaluation, i));
      labels.push(...rowLabels(evaluation, i).map((label, column) => (column === 0 ? `${name} ${label}` : label)));
    }
  }
  const image = contactSheet(pictures, { columns: 8, labels });
  return { image, png: encodePng(image) };
}
