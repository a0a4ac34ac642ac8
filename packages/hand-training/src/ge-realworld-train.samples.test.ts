import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepareBackend } from '@opposable/training';
import { loadTrainingData } from './data/load-training-data.js';
import { evaluateRun } from './evaluation/evaluate-run.js';
import { runStage } from './recipes/stage.js';
import { createRun } from './run/hand-run.js';

const ROOT = fileURLToPath(new URL('../../../../shared/samples/ge-realworld', import.meta.url));
const NAME = 'training on real-world photographs of Ge et al.';
const ROWS = [0, 50, 100, 150, 200, 250];

(existsSync(ROOT) ? describe : describe.skip)(
  existsSync(ROOT) ? NAME : `${NAME} (skipped: ../shared/samples/ge-realworld is not here)`,
  () => {
    it('learns six of them by heart: the same network and losses as on synthetic hands', async () => {
      await prepareBackend('wasm');
      const run = createRun({ encoder: 'small', inputSize: 96 }, 1);
      const photographs = await loadTrainingData(
        { reader: 'ge-realworld', root: ROOT, rows: ROWS, cropFactor: 2.2 },
        96,
      );
      expect(photographs.count).toBe(6);
      expect(photographs.annotations.every(({ side, isMirrored }) => side === 'right' && isMirrored)).toBe(true);
      const before = await evaluateRun(run, photographs);
      const { run: trained } = await runStage(run, photographs, {
        kind: 'train',
        seed: 1,
        iterations: 700,
        batchSize: 6,
        learningRate: 1e-3,
        decay: { kind: 'cosine', final: 0.05, warmUp: 20 },
        beta1: 0.9,
        weightDecay: 0,
        gradientClip: undefined,
        augmentation: { noise: 1 },
        weights: { keypoints2d: 4, keypoints3d: 20_000, mask: 0, regularization: 0.1 },
        maskSchedule: [],
        variant: 'perspective',
        betaWeight: 1,
      });
      const after = await evaluateRun(trained, photographs);
      expect(before.scores.twoD.meanPixels).toBeGreaterThan(30);
      expect(after.scores.twoD.meanPixels).toBeLessThan(8);
      trained.dispose();
    }, 120_000);
  },
);
