import type { HandSample } from '@opposable/hand-datasets';
import type { LoaderBuffers } from './buffers.js';
import { rowMaker } from './make-row.js';
import { type OpenSource, openSource } from './open-source.js';
import type { IndexedSource, RowSettings } from './types.js';

/** One row of a batch to be made. */
export interface RowJob {
  readonly row: number;
  readonly position: number;
  readonly source: number;
  readonly index: number;
  /** The sample itself, where it comes from a stream. */
  readonly sample?: HandSample;
}

/** A made row: what its sample is called. */
export interface MadeRow {
  readonly row: number;
  readonly id: string;
}

export interface RowWorkerStart {
  /** `undefined` stands for a stream. */
  readonly sources: readonly (IndexedSource | undefined)[];
  readonly settings: RowSettings;
}

/** Does jobs, in this thread. */
export async function rowWorker({
  sources,
  settings,
}: RowWorkerStart): Promise<(buffers: LoaderBuffers, jobs: readonly RowJob[]) => Promise<MadeRow[]>> {
  const open: (OpenSource | undefined)[] = [];
  for (const source of sources) open.push(source && (await openSource(source)));
  const make = rowMaker(settings);
  return async (buffers, jobs) => {
    const loaded = await Promise.all(
      jobs.map(async ({ sample, source, index }) => sample ?? open[source]!.load(index)),
    );
    return jobs.map(({ row, position }, i) => {
      make(buffers, row, loaded[i]!, position);
      return { row, id: loaded[i]!.id };
    });
  };
}
