import type { TopLevelSpec } from 'vega-lite';

export interface ChartSeries {
  readonly name: string;
  /** [x, y] pairs; a y that is not finite leaves a gap. */
  readonly points: readonly (readonly [number, number])[];
  /** Drawn in dashes: what stands for comparison. Default false. */
  readonly dashed?: boolean;
}

/** More series than this need the larger palette to differ. */
const SMALL_PALETTE = 10;

export interface LineChartOptions {
  title: string;
  xTitle: string;
  yTitle: string;
  series: readonly ChartSeries[];
  /** Logarithmic y axis, for losses. Default false. */
  logarithmic?: boolean;
  /** Largest y shown; by default what the data need. */
  yMax?: number;
  width?: number;
  height?: number;
}

/** Draws lines over a common x axis. Returns an SVG document; needs no display. */
export async function lineChart(options: LineChartOptions): Promise<string> {
  const { title, xTitle, yTitle, series, logarithmic = false, yMax, width = 420, height = 240 } = options;
  const values = series.flatMap(({ name, points, dashed = false }) =>
    points.filter(([, y]) => Number.isFinite(y) && (!logarithmic || y > 0)).map(([x, y]) => ({ x, y, name, dashed })),
  );
  const order = series.map(({ name }) => name);
  const specification: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title,
    width,
    height,
    background: 'white',
    data: { values },
    mark: { type: 'line', clip: true },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: xTitle },
      y: {
        field: 'y',
        type: 'quantitative',
        title: yTitle,
        scale: { type: logarithmic ? 'log' : 'linear', ...(yMax === undefined ? {} : { domainMax: yMax }) },
      },
      ...(series.some(({ dashed }) => dashed)
        ? {
            strokeDash: {
              field: 'dashed',
              type: 'nominal',
              legend: null,
              scale: { domain: [false, true], range: [[1, 0], [4, 3]] }, // prettier-ignore
            },
          }
        : {}),
      color: {
        field: 'name',
        type: 'nominal',
        title: null,
        sort: order,
        scale: { scheme: series.length > SMALL_PALETTE ? 'tableau20' : 'tableau10' },
        legend: { orient: 'bottom', columns: 3, labelLimit: 0 },
      },
    },
  };
  // large packages that most uses of this one do without
  const { compile } = await import('vega-lite');
  const { parse, View } = await import('vega');
  const view = new View(parse(compile(specification).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
