import { contactSheet, encodePng } from '@opposable/drawing';
import type { TrainingArrays } from '../../data/training-arrays.js';
import { byPixelError, pictureRow, rowLabels } from '../../pictures/test-pictures.js';
import type { HandRun } from '../../run/hand-run.js';
import type { MeasuredRun } from './measure-run.js';

/** Hands on a sheet. */
const SHOWN = 12;
const FEW = 6;

export interface RunSheet {
  readonly name: 'best' | 'worst' | 'hands';
  readonly caption: string;
  readonly bytes: Uint8Array;
}

/** Pictures of the best, of the worst, and evenly from best to worst. */
export function runSheets(run: HandRun, arrays: TrainingArrays, { evaluation }: MeasuredRun): RunSheet[] {
  const order = byPixelError(evaluation);
  const even = Math.min(SHOWN, order.length);
  const spread = Array.from({ length: even }, (_, i) => order[Math.floor(((i + 0.5) * order.length) / even)]!);
  const sheet = (name: RunSheet['name'], caption: string, indices: readonly number[]): RunSheet => ({
    name,
    caption,
    bytes: encodePng(
      contactSheet(
        indices.flatMap((index) => pictureRow(run.hand, arrays, evaluation, index)),
        { columns: 8, labels: indices.flatMap((index) => rowLabels(evaluation, index)) },
      ),
    ),
  });
  if (order.length === 0) return [];
  return [
    sheet('best', 'The best by 2D error', order.slice(0, FEW)),
    sheet('worst', 'The worst by 2D error, worst first', order.slice(-FEW).reverse()),
    sheet('hands', 'Evenly from the best to the worst', spread),
  ];
}
