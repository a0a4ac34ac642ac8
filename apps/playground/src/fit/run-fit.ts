import type { ManoModel } from '@opposable/mano-layer/conventions';
import { type FitResult, KeypointFit, type PicturePoint } from './keypoint-fit.js';

const STEPS = 300;
const STEPS_SHOWN = 10;

/**
 * Fits a hand to keypoints and shows every tenth step.
 *
 * @param run `isWanted` is asked before every step; nothing is shown after it said no
 */
export async function runFit(
  model: ManoModel,
  points: readonly PicturePoint[],
  run: { isWanted(): boolean; show(result: FitResult, losses: readonly number[]): void },
): Promise<void> {
  const fit = new KeypointFit(model, points);
  try {
    const losses: number[] = [];
    while (run.isWanted() && losses.length < STEPS) {
      for (let i = 0; i < STEPS_SHOWN && run.isWanted(); i++) losses.push(await fit.step());
      const result = await fit.result();
      if (!run.isWanted()) return; // undone or moved meanwhile
      run.show(result, losses);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  } finally {
    fit.dispose();
  }
}
