import { DatasetError } from '@opposable/tensor-checks';
import { needsLoader } from '../data/augmentation/settings.js';
import { buildTrainingArrays } from '../data/build-training-arrays.js';
import type { MappedSample } from '../data/mapped-sample.js';
import {
  type DataSource,
  loadTrainingData,
  type LoadTrainingDataOptions,
  readCrops,
  refuseHeatmaps,
} from '../data/load-training-data.js';
import { openSource } from '../data/loader/open-source.js';
import type { IndexedSource, LoaderData, SyntheticHands } from '../data/loader/types.js';
import type { InputShape } from '../data/network-input.js';
import type { HandReference } from '../run/hand-run.js';
import { selectRows, type TrainingArrays } from '../data/training-arrays.js';
import { maskSizeOf } from './mask-size.js';
import { SHOWN } from './run-files/draw-progress.js';
import type { AnyStage } from './stage.js';
import { type StageData, trainsOnPlaces } from './stage-data.js';

/** Hands made as they are needed. */
export interface SyntheticSource {
  readonly synthetic: SyntheticHands;
}

export type StageSource = (DataSource | SyntheticSource) & { /** Default 1. */ readonly weight?: number | undefined };

export interface StageDataConfig {
  /** Mixed by their weights. */
  readonly sources: readonly StageSource[];
  /**
   * Default: one data set is held in memory, if its samples are not moved or are places that a network lifts;
   * everything else goes through the loader.
   */
  readonly loader?: Pick<LoaderData, 'threads' | 'ahead'> | undefined;
}

/** Training samples that are measured in the end, where not all are in memory. */
const EVALUATED = 500;

async function toIndexed(
  source: StageSource,
  heatmaps: boolean,
  hand: HandReference | undefined,
  signal: AbortSignal | undefined,
): Promise<IndexedSource> {
  if (heatmaps && !('prepared' in source)) {
    refuseHeatmaps('synthetic' in source ? 'hands made as they are needed' : `the reader ${source.reader}`);
  }
  if ('synthetic' in source) {
    return { kind: 'synthetic', ...source.synthetic, ...(hand === 'open-hand' ? {} : { hand }) };
  }
  if ('prepared' in source) return { kind: 'prepared', prepared: source.prepared, split: source.split, heatmaps };
  return { kind: 'samples', samples: await readCrops(source, signal) };
}

/** The first samples of every data set in turn, as they are. */
async function firstSamples(
  sources: readonly IndexedSource[],
  count: number,
  sizes: { readonly imageSize: number; readonly maskSize: number },
): Promise<TrainingArrays> {
  const open = await Promise.all(sources.map(openSource));
  const samples: MappedSample[] = [];
  for (let i = 0; samples.length < count && open.some((source) => i < source.count); i++) {
    for (const source of open) if (i < source.count && samples.length < count) samples.push(await source.load(i));
  }
  const heatmapSize = open[0]?.heatmapSize;
  return buildTrainingArrays(samples, samples.length, { ...sizes, heatmapSize });
}

/**
 * Gets ready what a stage trains on.
 *
 * @returns the data, a few samples for pictures, and those that are measured in the end
 * @throws DatasetError, ConfigError for what cannot be read or used; the signal's reason
 */
export async function loadStageData(
  { sources, loader }: StageDataConfig,
  stage: AnyStage,
  {
    imageSize,
    heatmaps,
    liftsOnly,
    hand,
  }: InputShape & { /** Of the network. */ readonly hand?: HandReference | undefined },
  looking: Pick<LoadTrainingDataOptions, 'onProgress' | 'signal'> = {},
): Promise<{ data: StageData; shown: TrainingArrays; evaluated: TrainingArrays }> {
  const maskSize = maskSizeOf(stage);
  const [only, ...others] = sources;
  const moves = needsLoader(stage.augmentation) && !trainsOnPlaces(stage, { liftsOnly });
  const inMemory = loader === undefined && others.length === 0 && !moves;
  if (inMemory && only !== undefined && !('synthetic' in only)) {
    const data = await loadTrainingData(only, imageSize, { maskSize, heatmaps, ...looking });
    return { data, shown: selectRows(data, range(Math.min(SHOWN, data.count))), evaluated: data };
  }
  const indexed = await Promise.all(sources.map((source) => toIndexed(source, heatmaps, hand, looking.signal)));
  const data: LoaderData = {
    kind: 'loader',
    ...loader,
    imageSize,
    maskSize,
    heatmaps,
    sources: indexed.map((source, i) => ({ source, weight: sources[i]!.weight ?? 1 })),
  };
  const evaluated = await firstSamples(indexed, EVALUATED, { imageSize, maskSize });
  if (evaluated.count === 0) {
    throw new DatasetError(`${stage.kind}: expected at least one sample, got none.`, { expected: '>= 1', actual: 0 });
  }
  return { data, shown: selectRows(evaluated, range(Math.min(SHOWN, evaluated.count))), evaluated };
}

function range(count: number): number[] {
  return [...Array(count).keys()];
}
