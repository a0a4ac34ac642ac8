import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { contactSheet, encodePng } from '@opposable/drawing';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import type { TrainingArrays } from '../data/training-arrays.js';
import type { Evaluation } from '../evaluation/evaluate-run.js';
import { byPixelError, pictureRow, rowLabels } from '../pictures/test-pictures.js';
import { type TableRows, textTable } from '../report/text-table.js';
import type { HandRun } from '../run/hand-run.js';

/** How many hands a sheet shows. */
const SHOWN = 12;

/** Scores as rows of a table. */
export function scoreTable({ scores: { count, twoD, threeD } }: Evaluation): TableRows {
  const rows = [
    ['measure', 'value'],
    ['hands', String(count)],
    ['mean 2D error, px of 256', twoD.meanPixels.toFixed(2)],
    ['median 2D error, px of 256', twoD.medianPixels.toFixed(2)],
    ['2D AUC 0–50 px', twoD.pck.auc.toFixed(3)],
    ...Object.entries(twoD.perFinger).map(([finger, pixels]) => [`2D ${finger}, px`, pixels!.toFixed(2)]),
  ];
  if (threeD === undefined) return rows;
  return [
    ...rows,
    ['PA-MPJPE, mm', threeD.paMpjpe.toFixed(2)],
    ['MPJPE wrist-aligned, mm', threeD.rootAlignedMpjpe.toFixed(2)],
    ['3D AUC 0–50 mm', threeD.pck.auc.toFixed(3)],
  ];
}

/**
 * Writes `<out>/scores.json`, `<out>/scores.txt` and `<out>/hands.png` (from the best to the worst).
 *
 * @returns the table as text
 */
export async function writeEvaluation(
  out: string,
  run: HandRun,
  arrays: TrainingArrays,
  evaluation: Evaluation,
): Promise<string> {
  await mkdir(out, { recursive: true });
  const order = byPixelError(evaluation);
  const count = Math.min(SHOWN, order.length);
  const shown = Array.from({ length: count }, (_, i) => order[Math.floor(((i + 0.5) * order.length) / count)]!);
  const sheet = contactSheet(
    shown.flatMap((index) => pictureRow(run.hand, arrays, evaluation, index)),
    { columns: 8, labels: shown.flatMap((index) => rowLabels(evaluation, index)) },
  );
  const text = textTable(scoreTable(evaluation));
  const { twoD, threeD } = evaluation.scores;
  const scores = {
    ...evaluation.scores,
    twoD: { ...twoD, perHand: Array.from(twoD.perHand) },
    threeD: threeD && { ...threeD, perHand: Array.from(threeD.perHand) },
  };
  await writeFileAtomic(join(out, 'hands.png'), encodePng(sheet));
  await writeFileAtomic(join(out, 'scores.json'), `${JSON.stringify(scores, null, 1)}\n`);
  await writeFileAtomic(join(out, 'scores.txt'), `${text}\n`);
  return text;
}
