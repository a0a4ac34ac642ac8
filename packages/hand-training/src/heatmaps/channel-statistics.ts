import { resizeImage } from '@opposable/drawing';
import { openPreparedDataset } from '@opposable/hand-datasets/node';
import type { ChannelStatistics } from '@opposable/hand-regressor';

export interface ChannelStatisticsOptions {
  readonly split: string;
  /** Side that the images are brought to first. */
  readonly size: number;
  readonly onProgress?: (progress: { done: number; total: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Mean and standard deviation of each colour over all pixels of a split, in 0–1.
 *
 * @param dataset folder of a prepared dataset
 * @throws DatasetError and ConfigError of the dataset; the signal's reason
 */
export async function channelStatistics(
  dataset: string,
  { split, size, onProgress, signal }: ChannelStatisticsOptions,
): Promise<ChannelStatistics & { count: number }> {
  const prepared = await openPreparedDataset(dataset);
  const total = prepared.count(split);
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  let done = 0;
  for await (const { image } of prepared.samples(split)) {
    signal?.throwIfAborted();
    const { data } = image.width === size && image.height === size ? image : resizeImage(image, size, size);
    // whole numbers, so that the sums of one image are exact
    const [own, ownSquares] = [
      [0, 0, 0],
      [0, 0, 0],
    ];
    for (let i = 0; i < data.length; i += 3) {
      for (let c = 0; c < 3; c++) {
        const value = data[i + c]!;
        own[c] = own[c]! + value;
        ownSquares[c] = ownSquares[c]! + value * value;
      }
    }
    for (let c = 0; c < 3; c++) {
      sums[c] = sums[c]! + own[c]!;
      squares[c] = squares[c]! + ownSquares[c]!;
    }
    done++;
    onProgress?.({ done, total });
  }
  const pixels = done * size * size;
  const mean = sums.map((sum) => sum / pixels);
  const std = squares.map((square, c) => Math.sqrt(Math.max(0, square / pixels - mean[c]! ** 2)));
  return { mean: mean.map((value) => value / 255), std: std.map((value) => value / 255), count: done };
}
