import type { PublishedCurve } from '@opposable/metrics';
import { areaUnderCurve } from '@opposable/metrics';
import type { MeasuredCurve } from '../../evaluation/protocols/types.js';
import { type ChartSeries, lineChart } from '../../report/line-chart.js';
import type { TableRows } from '../../report/text-table.js';

/** A published curve with the name of its file. */
export interface NamedCurve extends PublishedCurve {
  readonly name: string;
}

export interface PckChart {
  /** For a file: lower case, words joined by hyphens. */
  readonly slug: string;
  readonly title: string;
  readonly svg: string;
}

const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

function points({ thresholds, pck }: PublishedCurve): ChartSeries['points'] {
  return thresholds.map((x, i) => [x, pck[i]!] as const);
}

/** One chart for each kind of curve: the runs, and beside comparable ones what was published. */
export async function pckCharts(
  runs: readonly { readonly name: string; readonly curves: readonly MeasuredCurve[] }[],
  published: readonly NamedCurve[],
): Promise<PckChart[]> {
  const kinds = new Map(runs.flatMap(({ curves }) => curves).map((curve) => [curve.title, curve]));
  return Promise.all(
    [...kinds.values()].map(async ({ title, unit, comparable }) => ({
      slug: slugOf(title),
      title,
      svg: await lineChart({
        title,
        xTitle: `threshold, ${unit}`,
        yTitle: 'share of keypoints within',
        yMax: 1,
        series: [
          ...runs.flatMap(({ name, curves }) => {
            const own = curves.find((curve) => curve.title === title);
            return own ? [{ name, points: points({ thresholds: own.thresholds, pck: own.fractions }) }] : [];
          }),
          ...(comparable
            ? published.map((curve) => ({ name: `published ${curve.name}`, dashed: true, points: points(curve) }))
            : []),
        ],
      }),
    })),
  );
}

/** Areas under published curves by the trapezoid rule, over the ranges that 3dhand's authors used, where a curve covers them. */
export function publishedTable(curves: readonly NamedCurve[]): TableRows {
  const area = (curve: NamedCurve, from: number, to: number): string => {
    const [first, last] = [curve.thresholds[0]!, curve.thresholds.at(-1)!];
    return first <= from && to <= last ? areaUnderCurve(curve.thresholds, curve.pck, { from, to }).toFixed(3) : '–';
  };
  const ranges = [[20, 50], [0, 50], [0, 30]] as const; // prettier-ignore
  return [
    ['published curve', ...ranges.map(([from, to]) => `AUC ${from}–${to}`)],
    ...curves.map((curve) => [curve.name, ...ranges.map(([from, to]) => area(curve, from, to))]),
  ];
}
