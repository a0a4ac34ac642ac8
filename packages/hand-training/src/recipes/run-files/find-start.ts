import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '@opposable/tensor-checks';
import { restoreVariables, type StoredTensors } from '@opposable/training';
import { loadLastCheckpoint } from '@opposable/training/node';
import { allVariables, type HandRun } from '../../run/hand-run.js';
import type { AnyStage, StageStart } from '../stage.js';
import { runPaths } from './paths.js';
import type { BestSoFar, StageProgress } from './types.js';

/** A stage that was interrupted, as its last whole checkpoint has it. */
export interface FoundStage {
  readonly path: string;
  readonly start: StageStart;
  readonly variables: StoredTensors;
  readonly info: StageProgress;
  readonly best: BestSoFar | null;
  /** What is wrong with newer checkpoints that were passed over. */
  readonly damaged: readonly string[];
}

/** Looks for the last whole checkpoint of a stage in the folder of a run. */
export async function findStage(out: string, kind: AnyStage['kind']): Promise<FoundStage | undefined> {
  const last = await loadLastCheckpoint(runPaths(out, kind).checkpoints);
  if (last?.optimizerState === undefined) return undefined;
  const info = last.state as StageProgress;
  const { iteration, scheduleStates, best } = info.progress;
  const start = { iteration, scheduleStates, optimizerState: last.optimizerState };
  return { path: last.path, start, variables: last.variables, info, best, damaged: last.damaged };
}

/** Names of settings whose values differ. */
function differences(saved: unknown, asked: unknown, path = ''): string[] {
  const isMapping = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isMapping(saved) || !isMapping(asked)) return isDeepStrictEqual(saved, asked) ? [] : [path];
  const names = new Set([...Object.keys(saved), ...Object.keys(asked)]);
  return [...names].flatMap((name) => differences(saved[name], asked[name], path === '' ? name : `${path}.${name}`));
}

/**
 * Checks that a stage goes on as it began: with the same settings and the same number of replicas. Only the number of
 * iterations may be another.
 *
 * @throws ConfigError naming what differs
 */
export function checkSameStage(found: FoundStage, stage: AnyStage, replicas: number): void {
  const { progress } = found.info;
  const plain = JSON.parse(JSON.stringify(stage)) as AnyStage;
  const changed = differences({ ...progress.stage, iterations: 0 }, { ...plain, iterations: 0 });
  if (changed.length > 0) {
    throw new ConfigError(
      `${stage.kind}: expected the settings that ${found.path} was trained with, but ${changed.join(', ')} ${changed.length === 1 ? 'is' : 'are'} another.`,
      { expected: progress.stage, actual: stage },
    );
  }
  if (progress.replicas !== replicas) {
    throw new ConfigError(
      `${stage.kind}: expected ${progress.replicas} replicas as before ${found.path}, got ${replicas}.`,
      { expected: progress.replicas, actual: replicas },
    );
  }
}

/** Puts the weights of a checkpoint into a run of the same network. @returns the run with its history before the stage */
export function restoreRun(run: HandRun, { variables, info }: FoundStage): HandRun {
  restoreVariables(allVariables(run.model), variables);
  const { progress: _progress, ...rest } = info;
  return { ...run, info: { ...rest, stages: info.stages.slice(0, -1) } };
}
