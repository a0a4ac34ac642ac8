import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChartSeries } from './line-chart.js';

/** What a stage wrote while it trained. */
export interface StageHistory {
  /** 'pretrain', 'train', …: from the file's name. */
  readonly stage: string;
  /** The weighted total and every term, over iterations. */
  readonly losses: readonly ChartSeries[];
  readonly iterations: number;
  /** Of the last record. */
  readonly samplesPerSecond: number;
  /** Mean share of the time in which the step waited for data, 0–1. */
  readonly waitingShare: number;
}

interface MetricsRecord {
  readonly iteration: number;
  readonly total: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly samplesPerSecond: number;
  readonly waitingShare: number;
}

function parseLine(line: string): MetricsRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<MetricsRecord>;
    const isRecord = Number.isFinite(record.iteration) && typeof record.terms === 'object' && record.terms !== null;
    return isRecord ? (record as MetricsRecord) : undefined;
  } catch {
    return undefined; // the last line of a run that was killed
  }
}

/** Reads the lines of one `metrics-*.jsonl`; lines that are no records are passed over. */
export function parseHistory(stage: string, text: string): StageHistory | undefined {
  const records = text
    .split('\n')
    .map(parseLine)
    .filter((record) => record !== undefined);
  const last = records.at(-1);
  if (last === undefined) return undefined;
  const series = (name: string, of: (record: MetricsRecord) => number | undefined): ChartSeries => ({
    name,
    points: records.map((record) => [record.iteration, of(record) ?? NaN] as const),
  });
  return {
    stage,
    losses: [
      series('weighted total', ({ total }) => total),
      ...Object.keys(last.terms).map((term) => series(term, ({ terms }) => terms[term])),
    ],
    iterations: last.iteration,
    samplesPerSecond: last.samplesPerSecond,
    waitingShare: records.reduce((sum, { waitingShare }) => sum + (waitingShare ?? 0), 0) / records.length,
  };
}

/** The histories that a run's folder holds, none if it holds none. */
export async function readHistories(run: string): Promise<StageHistory[]> {
  const names = await readdir(run).catch(() => []);
  const files = names.filter((name) => /^metrics(-.*)?\.jsonl$/.test(name)).sort();
  const histories = await Promise.all(
    files.map(async (name) =>
      parseHistory(name.replace(/^metrics-?|\.jsonl$/g, '') || 'training', await readFile(join(run, name), 'utf8')),
    ),
  );
  return histories.filter((history) => history !== undefined);
}
