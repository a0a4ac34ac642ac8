// The three forms of the 3D term from the same pretrained network, compared in one report of `opposable evaluate RUN…`.
//
//   npm run results -- loss-3d-variants             makes docs/results/loss-3d-variants.md and .png (about fifteen minutes, less after another)
//   npm run results -- loss-3d-variants --short     the same in a minute, into runs/ only
//
// It may be stopped and started again: stages that have ended are not repeated, one that was interrupted goes on.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { settingsOf } from './heatmaps/run-opposable.mjs';
import { writeFormatted } from './documents/write-formatted.mjs';
import { evaluateTogether, MACHINE, smallStart, smallTraining, timingOf } from './regressors/small-runs.mjs';

const { short, work, results } = settingsOf('loss-3d-variants');
const size = short
  ? { train: 60, test: 20, size: 64, pretrain: 4 }
  : { train: 8000, test: 500, size: 128, pretrain: 1000 };
const iterations = short ? 6 : 480;
const VARIANTS = ['perspective', 'normalized-detached', 'normalized'];

const base = await smallStart(settingsOf('small-start').work, size);
const runs = [base.start];
for (const variant of VARIANTS) {
  const lines = {
    iterations,
    learningRateStep: `{ every: ${iterations / 3}, factor: 0.5 }`,
    // not from 100, which makes hands smaller by itself: see mask-weight
    maskSchedule: `[{ from: 0, weight: 10 }, { from: ${iterations / 3}, weight: 1 }]`,
  };
  runs.push(await smallTraining(work, base, { config: `train-${variant}-small`, name: variant, lines }));
}
const evaluation = join(work, 'evaluation');
const { text } = await evaluateTogether(evaluation, runs, base.data, ['--baseline', 'train']);
const seconds = VARIANTS.reduce((sum, variant) => sum + timingOf(join(work, variant), 'train').seconds, 0);
mkdirSync(results, { recursive: true });
cpSync(join(evaluation, '3d-pck-after-alignment.png'), join(results, 'loss-3d-variants.png'));
await writeFormatted(
  join(results, 'loss-3d-variants.md'),
  `# The three forms of the 3D term

${size.train} synthetic images (preset demo, ${size.size} px), ${size.test} held back. The small network after ${size.pretrain} steps of
pretraining goes on for ${iterations} steps of 64 with the weights of \`apps/trainer/configs/train-*-small.yaml\`.
Made by \`npm run results -- loss-3d-variants\` in ${(seconds / 60).toFixed(1)} minutes of training on ${MACHINE}.

\`\`\`
${text}
\`\`\`

The detached form pulls every hand towards a smaller one. With mean and deviation held fixed, the gradient of the loss along the
prediction itself is proportional to 1 − ρ, ρ the correlation of the two normalised hands: unless they are equal, every step makes
the prediction smaller, and the loss, which is of normalised hands, does not notice. The open hand's first shape coefficient is its
size, so that only the regularisation holds it. The detached configuration has the full one's weight, 10 with a betaWeight of 3
for coefficients of unit deviation; with the 0.1 and 1 of the other two that coefficient went to −20 and the extent to 0.05. With
gradients through the statistics there is no such pull.

![PCK after alignment](loss-3d-variants.png)
`,
);
process.stdout.write(`Written: ${results}\n`);
