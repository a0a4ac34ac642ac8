import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { htmlReport, type ReportBlock } from '../../report/html-report.js';
import { lineChart } from '../../report/line-chart.js';
import { measureCsv, measureTable } from '../../report/measure-tables.js';
import { svgToPng } from '../../report/svg-to-png.js';
import { type TableRows, textTable } from '../../report/text-table.js';
import type { StageHistory } from '../../report/training-history.js';
import type { MeasuredRun } from './measure-run.js';
import { type NamedCurve, pckCharts, publishedTable } from './pck-charts.js';
import type { RunSheet } from './run-sheets.js';

/** One run with everything that is shown of it. */
export interface ComparedRun {
  /** Folder it was loaded from. */
  readonly path: string;
  readonly measured: MeasuredRun;
  readonly sheets: readonly RunSheet[];
  readonly histories: readonly StageHistory[];
  readonly stages: readonly { readonly name: string; readonly iterations: number }[];
}

export interface Comparison {
  readonly runs: readonly ComparedRun[];
  readonly published: readonly NamedCurve[];
  /** What was measured on, in words. */
  readonly data: string;
}

function stagesText({ stages }: ComparedRun): string {
  return stages.map(({ name, iterations }) => `${name} ${iterations}`).join(', ') || 'untrained';
}

function timeTable(runs: readonly ComparedRun[]): TableRows {
  return [
    ['run, stage', 'iterations', 'images/s', 'waiting for data, %'],
    ...runs.flatMap(({ measured, histories }) =>
      histories.map(({ stage, iterations, samplesPerSecond, waitingShare }) => [
        `${measured.name}, ${stage}`,
        String(iterations),
        samplesPerSecond.toFixed(1),
        (100 * waitingShare).toFixed(1),
      ]),
    ),
  ];
}

async function lossCharts(runs: readonly ComparedRun[]): Promise<ReportBlock[]> {
  const charts = runs.flatMap(({ measured, histories }) =>
    histories.map(({ stage, losses }) =>
      lineChart({
        title: `Losses, ${measured.name}, ${stage}`,
        xTitle: 'iteration',
        yTitle: 'loss, logarithmic; the terms unweighted',
        logarithmic: true,
        series: losses,
      }),
    ),
  );
  return (await Promise.all(charts)).map((svg) => ({ kind: 'svg', svg }));
}

/** Names of measures that one can read at a glance, before fingers and joints. */
function summaryOf({ measured }: ComparedRun) {
  const { name, measures, curves, notes } = measured;
  return { name, notes, measures, curves };
}

/**
 * Writes `report.html`, `scores.txt`, `scores.csv`, `scores.json`, one SVG and PNG per PCK plot, and the sheets of every run
 * (in a folder of its name, where there are several).
 *
 * @returns the table as text
 */
export async function writeComparison(out: string, { runs, published, data }: Comparison): Promise<string> {
  await mkdir(out, { recursive: true });
  const columns = runs.map(({ measured }) => measured);
  const [short, full] = [measureTable(columns, { detail: false }), measureTable(columns, { detail: true })];
  const beside = published.length === 0 ? [] : [publishedTable(published)];
  const text = [short, ...beside].map(textTable).join('\n\n');
  const charts = await pckCharts(columns, published);
  for (const { slug, svg } of charts) {
    await writeFileAtomic(join(out, `${slug}.svg`), svg);
    await writeFileAtomic(join(out, `${slug}.png`), await svgToPng(svg));
  }
  for (const { measured, sheets } of runs) {
    const folder = runs.length === 1 ? out : join(out, measured.name);
    await mkdir(folder, { recursive: true });
    for (const { name, bytes } of sheets) await writeFileAtomic(join(folder, `${name}.png`), bytes);
  }
  await writeFileAtomic(join(out, 'scores.txt'), `${text}\n`);
  await writeFileAtomic(join(out, 'scores.csv'), measureCsv(columns));
  const json = { data, runs: runs.map((run) => ({ path: run.path, stages: run.stages, ...summaryOf(run) })) };
  await writeFileAtomic(join(out, 'scores.json'), `${JSON.stringify(json, null, 1)}\n`);

  const joints = full.filter((row, i) => i === 0 || (!short.includes(row) && !short.some(([name]) => name === row[0])));
  const losses = await lossCharts(runs);
  const times = timeTable(runs);
  const blocks: ReportBlock[] = [
    { kind: 'text', text: `Measured on ${data}.` },
    {
      kind: 'table',
      rows: [
        ['run', 'stages and iterations', 'folder'],
        ...runs.map((run) => [run.measured.name, stagesText(run), run.path]),
      ],
    },
    { kind: 'heading', text: 'Errors' },
    { kind: 'table', rows: short },
    ...[...new Set(columns.flatMap(({ notes }) => notes))].map((note) => ({ kind: 'text', text: note }) as const),
    { kind: 'heading', text: 'Percentage of correct keypoints' },
    ...charts.map(({ svg }) => ({ kind: 'svg', svg }) as const),
    ...beside.map((rows) => ({ kind: 'table', rows }) as const),
    { kind: 'heading', text: 'By joint' },
    { kind: 'table', rows: joints },
    ...(losses.length === 0
      ? []
      : [{ kind: 'heading', text: 'Training' } as const, ...losses, { kind: 'table', rows: times } as const]),
    ...runs.flatMap(({ measured, sheets }): ReportBlock[] => [
      { kind: 'heading', text: `Hands, ${measured.name}` },
      ...sheets.map(({ bytes, caption }) => ({ kind: 'png', bytes, caption }) as const),
    ]),
  ];
  await writeFileAtomic(join(out, 'report.html'), htmlReport('Opposable: evaluation', blocks));
  return text;
}
