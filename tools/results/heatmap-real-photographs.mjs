// Errors of a heat-map network on real photographs, per dataset, without having seen one of them.
//
//   npm run results -- heatmap-real-photographs --checkpoint RUN [--samples FOLDER]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { opposable, settingsOf } from './heatmaps/run-opposable.mjs';

/** Readers and their folders among the samples; what a reader needs beside. */
const DATASETS = [
  { reader: 'ge-realworld', folder: 'ge-realworld' },
  { reader: 'mpii-nzsl', folder: 'mpii-nzsl-hand-labels' },
  { reader: 'onehand10k', folder: 'onehand10k' },
  { reader: 'panoptic', folder: 'panoptic' },
  { reader: 'rhd', folder: 'rhd' },
  { reader: 'coco-wholebody', folder: 'coco-wholebody' },
  { reader: 'interhand', folder: 'interhand2.6m' },
];

const option = (name, otherwise) =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise;
const { work, results, root } = settingsOf('heatmap-real-photographs');
const checkpoint = option('--checkpoint', join(root, 'runs/results/heatmap-small/run'));
const samples = option('--samples', join(root, '../shared/samples'));
const rows = [];
for (const { reader, folder } of DATASETS) {
  const path = join(samples, folder);
  if (!existsSync(path)) continue;
  const out = join(work, reader);
  try {
    await opposable(['evaluate', path, '--reader', reader, '--checkpoint', checkpoint, '--out', out]);
    const scores = JSON.parse(readFileSync(join(out, 'scores.json'), 'utf8'));
    rows.push(
      `| ${reader} | ${scores.count} | ${(100 * scores.meanOfImage).toFixed(2)} % | ${scores.meanPixels[224].toFixed(1)} | ${scores.meanConfidence.toFixed(2)} |`,
    );
  } catch (error) {
    rows.push(`| ${reader} | – | not measured: ${error.message} | | |`);
  }
}
mkdirSync(results, { recursive: true });
writeFileSync(
  join(results, 'heatmap-real-photographs.md'),
  `# Heat maps on real photographs

Crops by the labels, 2.2 times their box. Made by \`npm run results -- heatmap-real-photographs\`.

| dataset | hands | mean error, of the image | px of 224 | mean peak |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`,
);
process.stdout.write(`Written: ${results}\n`);
