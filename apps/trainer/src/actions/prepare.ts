import { dirname, resolve } from 'node:path';
import { type PrepareConfig, prepareConfigSchema } from '@opposable/hand-datasets';
import { planDataset, prepareDataset, type PrepareSummary } from '@opposable/hand-datasets/node';
import type { Flags } from '../commands/prepare.js';
import { loadConfig } from '../config/load-config.js';
import { workProgress } from '../work-progress.js';

/** Folders of a configuration are relative to its file. */
function fromFile(config: PrepareConfig, file: string): PrepareConfig {
  const place = (path: string): string => resolve(dirname(file), path);
  const splits = Object.entries(config.splits).map(
    ([split, sources]) => [split, sources.map((source) => ({ ...source, root: place(source.root) }))] as const,
  );
  return { ...config, out: place(config.out), splits: Object.fromEntries(splits) };
}

/** Lines of a summary: what became of the records of each source, the first problems, and where the others stand. */
export function summaryLines({ splits, problems }: PrepareSummary, others = ''): string[] {
  const lines = Object.entries(splits).flatMap(([split, sources]) =>
    sources.map(({ dataset, prepared, dropped }) => {
      const reasons = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
      return `${split}: ${prepared} of ${dataset}${reasons.length > 0 ? `, left out: ${reasons.join(', ')}` : ''}`;
    }),
  );
  const shown = problems.slice(0, 10).map(({ message }) => `  ${message}`);
  return [...lines, ...shown, ...(problems.length > 10 ? [`  … and more${others}`] : [])];
}

/** What `opposable prepare CONFIG` does. */
export async function prepareAction(file: string, flags: Flags, signal: AbortSignal): Promise<void> {
  const config = fromFile(await loadConfig(file, prepareConfigSchema), file);
  const stream = process.stdout;
  const { dryRun, ...options } = flags;
  if (dryRun) {
    const plan = await planDataset(config, { limit: options.limit, strict: options.strict, signal });
    for (const line of summaryLines(plan.summary)) stream.write(`${line}\n`);
    stream.write(`would write ${plan.images} images of ${config.size} × ${config.size} pixels to ${config.out}\n`);
    return;
  }
  const progress = workProgress(stream, 'preparing', 'samples');
  const command = `opposable prepare ${file}`;
  const { info, summary, chunks } = await prepareDataset(config, {
    ...options,
    command,
    signal,
    onProgress: (work) => progress.update(work),
  }).finally(() => progress.end());
  if (chunks.resumed > 0 && !options.merge) stream.write(`${chunks.resumed} chunks were there from an earlier run\n`);
  if (summary) for (const line of summaryLines(summary, ', see dataset.json')) stream.write(`${line}\n`);
  stream.write(info ? `wrote ${config.out}\n` : `shard finished: ${chunks.prepared + chunks.resumed} chunks\n`);
}
