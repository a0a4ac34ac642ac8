import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '@opposable/tensor-checks';
import { restoreVariables, type StoredTensors } from '@opposable/training';
import { loadLastCheckpoint } from '@opposable/training/node';
import { DEFAULT_MASK_SIZE } from '../../data/training-arrays.js';
import { allVariables, type HandRun, type NetworkInfo } from '../../run/hand-run.js';
import type { AnyStage, StageStart } from '../stage.js';
import type { SourceIdentity } from './identify-sources.js';
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

/** What a stage is where nothing is said, as in checkpoints from before there was a setting. */
const STAGE_DEFAULTS = { maskSize: DEFAULT_MASK_SIZE };

/** What a stage goes on with, beside its settings. */
export interface StageSurroundings {
  readonly replicas: number;
  readonly backend: string;
  readonly sources: readonly SourceIdentity[];
}

/**
 * Checks that a stage goes on as it began: with the same settings, on the same data and backend, with the same number of
 * replicas. Only the number of iterations may be another.
 *
 * @throws ConfigError naming what differs
 */
export function checkSameStage(found: FoundStage, stage: AnyStage, surroundings: StageSurroundings): void {
  const { progress } = found.info;
  const refuse = (sentence: string, expected: unknown, actual: unknown): never => {
    throw new ConfigError(`${stage.kind}: expected ${sentence}.`, { expected, actual });
  };
  const plain = JSON.parse(JSON.stringify(stage)) as AnyStage;
  const changed = differences(
    { ...STAGE_DEFAULTS, ...progress.stage, iterations: 0 },
    { ...STAGE_DEFAULTS, ...plain, iterations: 0 },
  );
  if (changed.length > 0) {
    const names = `${changed.join(', ')} ${changed.length === 1 ? 'is' : 'are'} another`;
    refuse(`the settings that ${found.path} was trained with, but ${names}`, progress.stage, stage);
  }
  const { replicas, backend, sources } = surroundings;
  if (progress.replicas !== replicas) {
    refuse(`${progress.replicas} replicas as before ${found.path}, got ${replicas}`, progress.replicas, replicas);
  }
  if (progress.backend !== backend) {
    refuse(`the backend ${progress.backend} as before ${found.path}, got ${backend}`, progress.backend, backend);
  }
  const others = differences(progress.sources, sources, 'data');
  if (others.length > 0) {
    const names = `${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} another`;
    refuse(`the data that ${found.path} was trained on, but ${names}`, progress.sources, sources);
  }
}

/** What a network is where nothing is said. */
const NETWORK_DEFAULTS: Partial<NetworkInfo> = {
  ...{ channels: 3, inputNormalization: 'unit', pooling: 'mean', initialization: 'default', keypointFeatures: false },
};

/**
 * Checks that a stage goes on with the network that it began with. What was asked for may say less: weights of another
 * origin bring settings of their own.
 *
 * @throws ConfigError naming what differs
 */
export function checkSameNetwork({ path, info }: FoundStage, asked: NetworkInfo): void {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name as keyof NetworkInfo);
  const saved: Partial<NetworkInfo> = { ...NETWORK_DEFAULTS, ...info.network };
  const before = Object.fromEntries(names.map((name) => [name, saved[name]]));
  const changed = differences(before, Object.fromEntries(given));
  if (changed.length === 0) return;
  const verb = changed.length === 1 ? 'is' : 'are';
  throw new ConfigError(
    `${info.progress.stage.kind}: expected the network of ${path}, but ${changed.map((name) => `model.${name}`).join(', ')} ${verb} another.`,
    { expected: before, actual: asked },
  );
}

/**
 * Checks that a stage goes on with a hand of the kind that it began with; whether a file is the same its hash tells.
 *
 * @param file that was asked for
 * @throws ConfigError if one is asked for and the stage began with the open hand, or the other way round
 */
export function checkSameHand({ path, info }: FoundStage, file: string | undefined): void {
  if ((info.hand === 'open-hand') === (file === undefined)) return;
  const [before, asked] = [info.hand === 'open-hand' ? 'the open hand' : info.hand.file, file ?? 'the open hand'];
  throw new ConfigError(
    `${info.progress.stage.kind}: expected the hand of ${path}, ${before}, but model.hand is another: ${asked}.`,
    { expected: before, actual: asked },
  );
}

/**
 * Puts the weights of a checkpoint into a run of the same network, which it takes over.
 *
 * @returns the run with its history before the stage
 * @throws ShapeError if the weights are of another network; the run is disposed then
 */
export function restoreRun(run: HandRun, { variables, info }: FoundStage): HandRun {
  try {
    restoreVariables(allVariables(run.model), variables);
  } catch (error) {
    run.dispose();
    throw error;
  }
  const { progress: _progress, ...rest } = info;
  return { ...run, info: { ...rest, stages: info.stages.slice(0, -1) } };
}
