import type { ManoModel } from '@opposable/mano-layer';
import type { TrainingArrays } from '../../data/training-arrays.js';
import { cameraHands } from '../../evaluation/camera-hands.js';
import { type Evaluation, evaluateRun } from '../../evaluation/evaluate-run.js';
import type { ProtocolName } from '../../evaluation/protocols/protocol-names.js';
import { PROTOCOLS } from '../../evaluation/protocols/protocols.js';
import { standardProtocol } from '../../evaluation/protocols/standard.js';
import type { MeasuredCurve } from '../../evaluation/protocols/types.js';
import type { MeasuredColumn } from '../../report/measure-tables.js';
import type { HandRun } from '../../run/hand-run.js';

/** What one run reached on a data set. */
export interface MeasuredRun extends MeasuredColumn {
  readonly curves: readonly MeasuredCurve[];
  readonly notes: readonly string[];
  readonly evaluation: Evaluation;
}

/** Predicts every hand and measures it in the standard way and by a protocol. */
export async function measureRun(
  name: string,
  run: HandRun,
  arrays: TrainingArrays,
  protocol: ProtocolName | undefined,
): Promise<MeasuredRun> {
  return measureEvaluation(name, await evaluateRun(run, arrays), { hand: run.hand, arrays, protocol });
}

/** Measures what was answered in the standard way and by a protocol. */
export function measureEvaluation(
  name: string,
  evaluation: Evaluation,
  { hand, arrays, protocol }: { hand: ManoModel; arrays: TrainingArrays; protocol: ProtocolName | undefined },
): MeasuredRun {
  const input = { evaluation, arrays, hand };
  const all = [standardProtocol(input), ...(protocol === undefined ? [] : [PROTOCOLS[protocol](input)])];
  return {
    name,
    evaluation,
    measures: all.flatMap(({ measures }) => measures),
    curves: all.flatMap(({ curves }) => curves),
    notes: all.map(({ note }) => note),
  };
}

/**
 * What a run says of a data set, for a submission: joints and vertices of every hand in the camera's frame, metres.
 *
 * @param parameters [N, 22] that the run gave
 * @throws DatasetError for a sample without camera
 */
export function submittedHands(run: HandRun, arrays: TrainingArrays, parameters: Float32Array) {
  const rows = arrays.annotations.map((_, i) => i);
  const { joints, vertices } = cameraHands(run.hand, parameters, arrays, rows);
  return { xyz: joints, verts: vertices };
}
