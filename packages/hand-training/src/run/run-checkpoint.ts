import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { FileFormatError } from '@opposable/tensor-checks';
import { type OptimizerState, restoreVariables } from '@opposable/training';
import { loadCheckpoint, saveCheckpoint } from '@opposable/training/node';
import { allVariables, createEmptyRun, type HandRun, isRunInfo } from './hand-run.js';
import { findRunHand } from './read-run-hand.js';

/** Name of the checkpoint folder within a run. */
const CHECKPOINT = 'checkpoint';

/** Writes `<folder>/checkpoint`, complete or not at all. */
export async function saveRun(folder: string, run: HandRun, optimizerState?: OptimizerState): Promise<void> {
  await saveCheckpoint(join(folder, CHECKPOINT), {
    variables: allVariables(run.model),
    ...(optimizerState === undefined ? {} : { optimizerState }),
    state: run.info,
  });
}

/**
 * Loads the network of a run.
 *
 * @param folder of a run, or its checkpoint folder
 * @param options `hand`: where the file of its hand is now, for a run that is not of the open hand
 * @throws FileFormatError if there is no checkpoint, or one that is damaged or not of a hand regressor, or its hand is not there
 */
export async function loadRun(folder: string, { hand }: { readonly hand?: string | undefined } = {}): Promise<HandRun> {
  const inside = join(folder, CHECKPOINT);
  const path = await access(inside).then(
    () => inside,
    () => folder,
  );
  const { variables, state } = await loadCheckpoint(path);
  if (!isRunInfo(state)) {
    throw new FileFormatError(`loadRun: expected the checkpoint of a hand regressor in ${path}, found another kind.`, {
      expected: 'network, hand, inputNormalization, stages',
      actual: state,
    });
  }
  const run = createEmptyRun(state, (await findRunHand(state.hand, hand)).model);
  try {
    restoreVariables(allVariables(run.model), variables);
    return run;
  } catch (error) {
    run.dispose();
    throw error;
  }
}
