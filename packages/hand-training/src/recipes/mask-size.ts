import { ConfigError } from '@opposable/tensor-checks';
import { DEFAULT_MASK_SIZE } from '../data/training-arrays.js';
import type { AnyStage } from './stage.js';
import type { StageData } from './stage-data.js';

/** Sides of masks: below, a pixel is wider than a finger; above, masks would hold more than the crops do. */
export const MASK_SIZES = { least: 16, most: 512 } as const;

/**
 * Side of the masks that a stage is trained on; one that looks up nothing in them has the default.
 *
 * @throws ConfigError unless it is a whole number from 16 to 512
 */
export function maskSizeOf(stage: AnyStage): number {
  const { maskSize = DEFAULT_MASK_SIZE } = stage.kind === 'train' ? stage : {};
  if (Number.isInteger(maskSize) && maskSize >= MASK_SIZES.least && maskSize <= MASK_SIZES.most) return maskSize;
  throw new ConfigError(
    `${stage.kind}: expected maskSize to be a whole number from ${MASK_SIZES.least} to ${MASK_SIZES.most}, got ${maskSize}.`,
    { expected: MASK_SIZES, actual: maskSize },
  );
}

/**
 * Checks that data have masks of the side that a stage names; one that names none takes those of the data.
 *
 * @throws ConfigError for masks of another side
 */
export function checkMasksOf(stage: AnyStage, { maskSize = DEFAULT_MASK_SIZE }: StageData): void {
  if (stage.kind !== 'train' || stage.maskSize === undefined || maskSizeOf(stage) === maskSize) return;
  throw new ConfigError(
    `${stage.kind}: expected data with masks of side ${stage.maskSize} (maskSize), got masks of side ${maskSize}.`,
    { expected: stage.maskSize, actual: maskSize },
  );
}
