import { availableParallelism } from 'node:os';
import { DATASETS } from '../datasets/datasets.mjs';
import { readInProcess } from '../datasets/reading-process.mjs';
import { digits, row } from '../measure.mjs';

export const title = `Reading annotations, ${availableParallelism()} cores`;

export async function measure() {
  const rows = [];
  for (const [name, , , , what] of DATASETS) {
    const { perSecond, processorTime, compared } = await readInProcess(name);
    rows.push(
      row(
        name,
        perSecond,
        'records/s',
        `${digits(processorTime)} µs of processor time; ${compared.toFixed(1)} × ${what}`,
      ),
    );
  }
  return rows;
}
