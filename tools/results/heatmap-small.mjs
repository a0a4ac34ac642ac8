// Fifteen minutes of training of the small heat-map network on synthetic hands, and its errors on held-back ones.
//
//   npm run results -- heatmap-small             makes docs/results/heatmap-small.md and .png
//   npm run results -- heatmap-small --short     the same in a minute, into runs/ only
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeRejection, measureRejection } from './heatmaps/rejection.mjs';
import { opposable, recordOf, settingsOf } from './heatmaps/run-opposable.mjs';

const { short, work, results } = settingsOf('heatmap-small');
const data = join(work, 'data');
const run = join(work, 'run');
const counts = short ? { train: 400, test: 50 } : { train: 12000, test: 500 };
await opposable(
  ['synthesize', '--out', data, '--train', counts.train, '--test', counts.test, '--size', 128, '--seed', 7],
  { unless: join(data, 'dataset.json') },
);
const config = readFileSync(new URL('../../apps/trainer/configs/heatmap-unet-small.yaml', import.meta.url), 'utf8')
  .replaceAll('runs/synthetic', data)
  .replace(/^epochs: .*/m, `epochs: ${short ? 2 : 7}`)
  .replace(/^out: .*/m, `out: ${run}`);
writeFileSync(join(work, 'config.yaml'), config);
const start = performance.now();
await opposable(['train', join(work, 'config.yaml'), '--resume']);
const minutes = (performance.now() - start) / 60_000;
const evaluation = join(work, 'evaluation');
await opposable(['evaluate', data, '--checkpoint', run, '--out', evaluation]);
const rejection = await measureRejection(run, data, short ? 10 : 200, 'heatmap-small');
const scores = readFileSync(join(evaluation, 'scores.txt'), 'utf8');
const record = recordOf(run);
mkdirSync(results, { recursive: true });
cpSync(join(evaluation, 'hands.png'), join(results, 'heatmap-small.png'));
writeFileSync(
  join(results, 'heatmap-small.md'),
  `# The small heat-map network on synthetic hands

${counts.train} training images, ${record.epochs} epochs, ${minutes.toFixed(1)} minutes of training on two threads at
${record.samplesPerSecond.toFixed(0)} images/s; ${counts.test} held-back images. Made by \`npm run results -- heatmap-small\`.

\`\`\`
${scores.trimEnd()}
\`\`\`

![best and worst hands](heatmap-small.png)

## Pictures without a hand

${describeRejection(rejection)}
`,
);
process.stdout.write(`Written: ${results}\n`);
