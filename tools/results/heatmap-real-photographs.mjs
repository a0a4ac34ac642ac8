// Errors of a heat-map network on real photographs, per dataset, without having seen one of them.
//
//   npm run results -- heatmap-real-photographs --checkpoint RUN [--samples FOLDER]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { opposable, settingsOf } from './heatmaps/run-opposable.mjs';
import { writeFormatted } from './documents/write-formatted.mjs';

/** What is read from a folder among the samples, under the name of a split. */
const COCO = { dataset: 'coco', options: { side: 'right' } };
const SOURCES = {
  'ge-realworld': { dataset: 'ge-realworld', root: 'ge-realworld' },
  'mpii-nzsl': { dataset: 'mpii-nzsl', root: 'mpii-nzsl-hand-labels' },
  'coco-wholebody': {
    ...{ dataset: 'coco-wholebody', root: 'coco-wholebody' },
    options: { annotations: 'test_coco_wholebody.json', images: '.' },
  },
  onehand10k: { dataset: 'onehand10k', root: 'onehand10k', options: { annotations: 'test_onehand10k.json' } },
  freihand: { ...COCO, root: 'freihand', options: { ...COCO.options, annotations: 'test_freihand.json' } },
  rhd: { ...COCO, root: 'rhd', options: { ...COCO.options, annotations: 'test_rhd.json', keypointOrder: 'rhd' } },
  panoptic: { ...COCO, root: 'panoptic', options: { ...COCO.options, annotations: 'test_panoptic.json' } },
};

const option = (name, otherwise) =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise;
const { work, results, root } = settingsOf('heatmap-real-photographs');
const checkpoint = option('--checkpoint', join(root, 'runs/results/heatmap-small/run'));
const samples = option('--samples', join(root, '../shared/samples'));
const splits = Object.fromEntries(
  Object.entries(SOURCES)
    .filter(([, { root: folder }]) => existsSync(join(samples, folder)))
    .map(([name, source]) => [name, [{ ...source, root: resolve(samples, source.root) }]]),
);
const data = join(work, 'data');
writeFileSync(join(work, 'prepare.yaml'), JSON.stringify({ out: data, size: 224, splits })); // JSON is YAML
await opposable(['prepare', join(work, 'prepare.yaml'), '--overwrite']);
const rows = [];
for (const name of Object.keys(splits)) {
  const out = join(work, name);
  await opposable(['evaluate', data, '--split', name, '--checkpoint', checkpoint, '--out', out]);
  const scores = JSON.parse(readFileSync(join(out, 'scores.json'), 'utf8'));
  rows.push(
    `| ${name} | ${scores.count} | ${(100 * scores.meanOfImage).toFixed(2)} % | ${scores.meanPixels[224].toFixed(1)} | ${scores.meanConfidence.toFixed(2)} |`,
  );
}
mkdirSync(results, { recursive: true });
await writeFormatted(
  join(results, 'heatmap-real-photographs.md'),
  `# Heat maps on real photographs

Crops by the labels, 2.2 times their box. Made by \`npm run results -- heatmap-real-photographs\`.

| dataset | hands | mean error, of the image | px of 224 | mean peak |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`,
);
process.stdout.write(`Written: ${results}\n`);
