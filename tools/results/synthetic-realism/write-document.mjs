/** docs/results/synthetic-realism.md from the records of all runs. */
import { writeFormatted } from '../documents/write-formatted.mjs';

const share = (score) => (score === undefined ? '–' : `${score.mean.toFixed(3)} ± ${score.deviation.toFixed(3)}`);
const millimetres = (score) => (score === undefined ? '–' : `${score.mean.toFixed(1)} ± ${score.deviation.toFixed(1)}`);
const thousands = (value) => Math.round(value).toLocaleString('en-US');

const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** What differs from the first record, in words. */
function changes(settings, first) {
  const seen = [];
  const visit = (now, before, path) => {
    for (const key of new Set([...Object.keys(now ?? {}), ...Object.keys(before ?? {})])) {
      const [a, b] = [now?.[key], before?.[key]];
      if (JSON.stringify(a) === JSON.stringify(b)) continue;
      const name = path ? `${path}.${key}` : key;
      const isBlock = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
      if (isBlock(a) && (isBlock(b) || b === undefined)) visit(a, b, name);
      else seen.push(`${name} ${JSON.stringify(a ?? 'of the preset')}`);
    }
  };
  visit(settings, first, '');
  return seen.join(', ') || '–';
}

export async function writeDocument(path, records) {
  const tries = records.filter(({ final }) => !final);
  const finals = records.filter((record) => record.final);
  const final = finals.findLast(({ kept = true }) => kept);
  const first = records[0].settings;
  const parts = [
    `# Synthetic hands against photographs

A small network learns from synthetic hands alone and is measured on labelled photographs, in the boxes of their labels
(window of 1.4 times the longer side of the keypoints' box). The network gives 21 keypoints over the window and 21 points in
space. In final runs predictions are medians (the first ones: means) over five windows around the box, turned by up to 14° and scaled
by up to 10 %. Times are of a machine that did other work as well, so steps say more than seconds. Errors are distances over the longer side of the box; PCK@0.2 is the share of keypoints within a fifth of it.

Photographs: the 59 of Ge et al. (CVPR 2019) that are at hand, in the order of their numbers, mirrored to right hands. Ranges
were chosen on the even places (0, 2, …, 58: 30 photographs); the odd ones (1, 3, …, 57: 29) were measured in final runs
alone, all of which are listed. "±" is the standard deviation over hands. Made by \`tools/results/synthetic-realism.mjs\`.`,
  ];
  if (final) {
    const { odd, even } = final;
    parts.push(`## Final run

${thousands(final.settings.count)} hands (preset \`${final.settings.synthesis.preset}\`, made in ${final.makingSeconds} s), network \`${final.settings.network}\` on ${final.settings.inputSize} × ${final.settings.inputSize} pixels, ${thousands(final.iterations)} steps of ${final.settings.batchSize} in ${final.seconds} s on two cores.

${table(
  ['photographs', 'hands', 'PCK@0.2', 'mean 2D error / box', 'PA-MPJPE mm'],
  [
    ['odd places (held out)', odd.hands, share(odd.pck), share(odd.error), millimetres(odd.paMpjpe)],
    ['even places (ranges chosen)', even.hands, share(even.pck), share(even.error), millimetres(even.paMpjpe)],
  ],
)}`);
    parts.push(`### Final runs so far

The ranges of the preset have grown since the first ones, and how many steps ten minutes are enough for is a matter of the machine.
The run in batches of 16 was made when the odd places of the one before it had been seen; the even places do not tell the two
apart, the odd ones are worse, and its settings are not kept. The last line is the network of the line before it, measured again
with medians over the windows instead of means: with each of six sets of windows that were tried, the PCK of the even places is higher
with medians (with these five 0.818 against 0.803). The mean 2D error of the odd ones is not lower, 0.145 against 0.143.

${table(
  [
    'date',
    'hands',
    'steps',
    'batch',
    'seconds',
    'windows',
    'training 2D loss',
    'PCK@0.2, odd',
    'PCK@0.2, even',
    'PA-MPJPE mm, odd',
  ],
  finals.map(({ date, settings, iterations, seconds, windows = 'mean', terms, odd, even }) => [
    date.slice(0, 10),
    thousands(settings.count),
    thousands(iterations),
    settings.batchSize,
    seconds,
    windows,
    terms.flat.toFixed(4),
    share(odd.pck),
    share(even.pck),
    millimetres(odd.paMpjpe),
  ]),
)}`);
    parts.push(`### The few images of other sets, one by one

${table(
  ['set', 'file', 'mean 2D error / box', 'PCK@0.2', 'PA-MPJPE mm'],
  final.others.map(({ set, file, index, error, pck, paMpjpe }) => [
    set,
    `${file} #${index}`,
    error.toFixed(3),
    pck.toFixed(2),
    paMpjpe?.toFixed(1) ?? '–',
  ]),
)}`);
  }
  parts.push(`## Tries

On the even places, one window for each hand; steps are of ${first.batchSize} hands.

${table(
  [
    'try',
    'what differs from the first',
    'steps',
    'seconds',
    'training 2D loss',
    'PCK@0.2',
    '2D error / box',
    'PA-MPJPE mm',
  ],
  tries.map(({ name, settings, iterations, seconds, terms, even }) => [
    name,
    changes(settings, first),
    thousands(iterations),
    seconds,
    terms.flat.toFixed(4),
    share(even.pck),
    share(even.error),
    millimetres(even.paMpjpe),
  ]),
)}`);
  await writeFormatted(path, `${parts.join('\n\n')}\n`);
}
