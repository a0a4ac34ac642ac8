import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { contactSheet, encodePng, type RgbImage } from '@opposable/drawing';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { decodeHandParameters } from '@opposable/mano-layer/conventions';
import { writeGlb, writeObj } from '@opposable/mano-layer/files';
import type { HandScores } from '../evaluation/score-hands.js';
import { byPixelError, pictureRow, rowLabels } from '../pictures/test-pictures.js';
import { turnedView } from '../pictures/render-hand.js';
import { htmlReport, type ReportBlock } from '../report/html-report.js';
import { lineChart } from '../report/line-chart.js';
import { type TableRows, textTable } from '../report/text-table.js';
import type { DemoResult } from './demo.js';
import type { DemoSettings } from './demo-settings.js';

/** How many times better than the best of the means the trained network is. */
export interface DemoRatios {
  readonly pixels: number;
  readonly paMpjpe: number;
}

/** What the demo sets out to reach. */
export const DEMO_TARGETS: DemoRatios = { pixels: 2.5, paMpjpe: 1.3 };

function scoreRow(name: string, { twoD, threeD }: HandScores): string[] {
  const number = (value: number | undefined, digits = 1) => (value === undefined ? '–' : value.toFixed(digits));
  return [
    name,
    number(twoD.meanPixels),
    number((100 * twoD.meanPixels) / 256),
    number(twoD.pck.auc, 3),
    number(threeD?.paMpjpe),
    number(threeD?.rootAlignedMpjpe),
    number(threeD?.pck.auc, 3),
  ];
}

/** The table of all scores, means first. */
export function demoTable(result: DemoResult): TableRows {
  return [
    ['', '2D px of 256', '2D %', '2D AUC 0–50', 'PA-MPJPE mm', 'MPJPE mm', '3D AUC 0–50'],
    scoreRow('mean of the 22 numbers', result.baselines.meanParameters),
    scoreRow('mean keypoints', result.baselines.meanKeypoints),
    scoreRow('untrained network', result.untrained.scores),
    ...result.stages.map(({ name, evaluation }) => scoreRow(`after ${name}`, evaluation.scores)),
  ];
}

/** Against the better of the two means, for each measure. */
export function demoRatios(result: DemoResult): DemoRatios {
  const { meanParameters, meanKeypoints } = result.baselines;
  const final = result.stages.at(-1)!.evaluation.scores;
  const best = (of: (scores: HandScores) => number) => Math.min(of(meanParameters), of(meanKeypoints));
  const pixels = (scores: HandScores) => scores.twoD.meanPixels;
  const aligned = (scores: HandScores) => scores.threeD!.paMpjpe;
  return { pixels: best(pixels) / pixels(final), paMpjpe: best(aligned) / aligned(final) };
}

/** One sentence per target: reached or missed, and by how much. */
export function demoVerdict(ratios: DemoRatios): string[] {
  const sentence = (what: string, value: number, target: number) =>
    `${what}: ${value.toFixed(2)} times better than the best mean hand (aim ${target}): ${value >= target ? 'reached' : 'missed'}.`;
  return [
    sentence('2D error', ratios.pixels, DEMO_TARGETS.pixels),
    sentence('PA-MPJPE', ratios.paMpjpe, DEMO_TARGETS.paMpjpe),
  ];
}

async function charts(result: DemoResult): Promise<ReportBlock[]> {
  const losses = result.stages.map(({ name, result: { history } }) =>
    lineChart({
      title: `Losses, ${name}`,
      xTitle: 'iteration',
      yTitle: 'loss, logarithmic; the terms unweighted',
      logarithmic: true,
      series: [
        { name: 'weighted total', points: history.iteration.map((x, i) => [x, history.total[i]!] as const) },
        ...Object.entries(history.terms).map(([term, values]) => ({
          name: term,
          points: history.iteration.map((x, i) => [x, values[i]!] as const),
        })),
      ],
    }),
  );
  const lines = [
    { name: 'mean of the 22 numbers', scores: result.baselines.meanParameters },
    ...result.stages.map(({ name, evaluation }) => ({ name: `after ${name}`, scores: evaluation.scores })),
  ];
  const curve = (title: string, xTitle: string, of: (scores: HandScores) => HandScores['twoD']['pck'] | undefined) =>
    lineChart({
      title,
      xTitle,
      yTitle: 'part of keypoints within',
      yMax: 1,
      series: lines.map(({ name, scores }) => {
        const pck = of(scores);
        return { name, points: pck ? pck.thresholds.map((x, i) => [x, pck.fractions[i]!] as const) : [] };
      }),
    });
  const pcks = [
    curve('2D PCK', 'threshold, px of the 256 frame', ({ twoD }) => twoD.pck),
    curve('3D PCK after alignment', 'threshold, mm', ({ threeD }) => threeD?.pck),
  ];
  return (await Promise.all([...losses, ...pcks])).map((svg) => ({ kind: 'svg', svg }) as const);
}

/** Sheets of test hands: evenly from best to worst, and the worst. */
function sheets(result: DemoResult): { name: string; caption: string; image: RgbImage }[] {
  const { evaluation } = result.stages.at(-1)!;
  const order = byPixelError(evaluation);
  const sheet = (name: string, caption: string, indices: readonly number[]) => ({
    name,
    caption,
    image: contactSheet(
      indices.flatMap((index) => pictureRow(result.run.hand, result.test, evaluation, index)),
      { columns: 8, labels: indices.flatMap((index) => rowLabels(evaluation, index)) },
    ),
  });
  const count = Math.min(12, order.length);
  const spread = Array.from({ length: count }, (_, i) => order[Math.floor(((i + 0.5) * order.length) / count)]!);
  return [
    sheet('test-hands', 'Held-back test hands, evenly from the best to the worst', spread),
    sheet('worst', 'The worst of the test set by 2D error', order.slice(-Math.min(6, order.length)).reverse()),
  ];
}

/** The numbers of the demo for programs. */
function summary(result: DemoResult, settings: DemoSettings) {
  const of = ({ count, twoD, threeD }: HandScores) => ({
    count,
    meanPixels: twoD.meanPixels,
    medianPixels: twoD.medianPixels,
    auc2d: twoD.pck.auc,
    perFingerPixels: twoD.perFinger,
    paMpjpe: threeD?.paMpjpe,
    rootAlignedMpjpe: threeD?.rootAlignedMpjpe,
    auc3d: threeD?.pck.auc,
  });
  return {
    settings,
    seconds: result.seconds,
    ratios: demoRatios(result),
    meanParameters: of(result.baselines.meanParameters),
    meanKeypoints: of(result.baselines.meanKeypoints),
    untrained: of(result.untrained.scores),
    stages: result.stages.map(({ name, result: { timing, reason }, evaluation }) => ({
      name,
      reason,
      timing,
      scores: of(evaluation.scores),
    })),
  };
}

/**
 * Writes what the demo shows: `report.html` (self-contained), the pictures as PNG, the median test hand as OBJ and GLB, and
 * `summary.json`.
 *
 * @returns the path of the report
 */
export async function writeDemoReport(out: string, result: DemoResult, settings: DemoSettings): Promise<string> {
  const pictures = join(out, 'pictures');
  await mkdir(pictures, { recursive: true });
  const final = result.stages.at(-1)!.evaluation;
  const ratios = demoRatios(result);
  const sheetsOut = sheets(result);
  const order = byPixelError(final);
  const median = order[Math.floor(order.length / 2)]!;
  const { hand } = result.run;
  const { vertices3d } = decodeHandParameters(hand, final.parameters.subarray(median * 22, median * 22 + 22));
  const views = contactSheet(
    [0, 45, 90, 135, 180, 225, 270, 315].map((degrees) => turnedView(hand, vertices3d, degrees, 192)),
    { columns: 8, labels: [0, 45, 90, 135, 180, 225, 270, 315].map((degrees) => `${degrees} deg`) },
  );
  const images = [
    ...sheetsOut,
    { name: 'hand', caption: `Test hand #${median}, the median, turned (hand.glb, hand.obj)`, image: views },
  ].map((picture) => ({ ...picture, bytes: encodePng(picture.image) }));
  for (const { name, bytes } of images) await writeFileAtomic(join(pictures, `${name}.png`), bytes);

  const mesh = { vertices: vertices3d, faces: hand.faces, colors: hand.vertexColors };
  await writeFileAtomic(join(out, 'hand.obj'), writeObj(mesh, { frame: 'image', name: 'hand' }));
  await writeFileAtomic(join(out, 'hand.glb'), await writeGlb(mesh, { frame: 'image', name: 'hand' }));
  await writeFileAtomic(join(out, 'summary.json'), `${JSON.stringify(summary(result, settings), null, 2)}\n`);

  const times = Object.entries(result.seconds).map(([name, value]) => [name, value.toFixed(1)]);
  const speeds = result.stages.map(
    ({ name, result: { timing } }) =>
      `${name}: ${timing.samplesPerSecond.toFixed(0)} images/s, ${((100 * timing.waitingSeconds) / timing.seconds).toFixed(1)} % of the time waiting for data`,
  );
  const page = htmlReport('Opposable: a hand regressor, from nothing', [
    {
      kind: 'text',
      text: `${settings.trainCount} synthetic hands to learn from, ${settings.testCount} held back (another part of the seed). Rotations uniform over ±60° on every axis, six pose coefficients uniform in ±2, ten shape coefficients. No licensed model and no photograph is involved.`,
    },
    { kind: 'heading', text: 'Errors on the held-back hands' },
    { kind: 'table', rows: demoTable(result) },
    ...demoVerdict(ratios).map((text) => ({ kind: 'text', text }) as const),
    { kind: 'heading', text: 'Curves' },
    ...(await charts(result)),
    { kind: 'heading', text: 'Test hands' },
    ...images.map(({ bytes, caption }) => ({ kind: 'png', bytes, caption }) as const),
    { kind: 'heading', text: 'Time' },
    { kind: 'table', rows: [['', 'seconds'], ...times] },
    ...speeds.map((text) => ({ kind: 'text', text }) as const),
  ]);
  const report = join(out, 'report.html');
  await writeFileAtomic(report, page);
  return report;
}

/** The table and the verdict as a console shows them. */
export function demoText(result: DemoResult): string {
  return `${textTable(demoTable(result))}\n\n${demoVerdict(demoRatios(result)).join('\n')}`;
}
