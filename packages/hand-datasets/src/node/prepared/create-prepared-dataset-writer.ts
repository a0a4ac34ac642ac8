import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { keypointOrder as findOrder } from '@opposable/keypoint-order';
import { ConfigError } from '@opposable/tensor-checks';
import { checkSample } from '../../check-annotation.js';
import { datasetError } from '../../dataset-error.js';
import { annotationToRecord } from '../../prepared/annotation-record.js';
import { type ImageRecord, type PreparedDatasetInfo, SPLIT_NAME } from '../../prepared/schema.js';
import { annotationOf, type ImageSize } from '../../transform/move-annotation.js';
import type { HandSample } from '../../types.js';
import { checkConcurrency } from '../concurrent-map.js';
import { checkJpegQuality, encodeImage } from '../images/write-image.js';
import { checkTarget, datasetCategories, moveIntoPlace, writeDatasetInfo } from './finish-dataset.js';
import { makePartialFolder } from './partial-folder.js';
import { SplitWriter } from './split-writer.js';

const OPERATION = 'createPreparedDatasetWriter';

export interface PreparedDatasetWriterOptions {
  /** Side of the square images, or width and height, in pixels; every sample must have it. */
  readonly imageSize: number | ImageSize;
  /** Order of the keypoints; every sample must have it. */
  readonly keypointOrder: string;
  /** Default 'jpeg'. Masks are always PNG. */
  readonly imageFormat?: 'jpeg' | 'png' | undefined;
  /** 1–100. Default 92. */
  readonly jpegQuality?: number | undefined;
  /** Replaces a prepared dataset that stands there. Anything else is never replaced. Default false. */
  readonly overwrite?: boolean | undefined;
  /** The command that made the dataset, kept in dataset.json. */
  readonly command?: string | undefined;
  /** Anything else worth keeping in dataset.json: seeds, options. Plain JSON. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Images encoded at the same time. Default 8. */
  readonly concurrency?: number | undefined;
}

export interface PreparedDatasetWriter {
  /**
   * Adds a sample to a split. The sample may be changed as soon as the promise resolves; a failed write is reported by
   * a later `add` or by `close`.
   *
   * @throws DatasetError if the sample has another size or order, a second sample's id, or numbers that are not finite
   */
  add(split: string, sample: HandSample): Promise<void>;
  /** Waits for every image, writes dataset.json and gives the folder its name. @returns what dataset.json says */
  close(): Promise<PreparedDatasetInfo>;
  /** Removes everything written so far. */
  abort(): Promise<void>;
}

interface Split {
  readonly writer: SplitWriter;
  readonly ids: Set<string>;
  masks: number;
  /** resolves when every record so far is on its way to the disk */
  tail: Promise<void>;
}

/**
 * Writes a prepared dataset: `dataset.json`, one COCO keypoint file per split, images and masks.
 *
 * Records are streamed, images are encoded side by side. Everything is written under a temporary name next to `dir` and
 * gets its name in `close`: the dataset appears complete or not at all.
 *
 * @param dir folder of the dataset, new or empty
 * @throws ConfigError for an option that is not accepted; DatasetError if `dir` holds something
 *
 * @example
 * const writer = await createPreparedDatasetWriter('runs/hands', { imageSize: 96, keypointOrder: 'mano' });
 * for await (const sample of samples) await writer.add('train', sample);
 * await writer.close();
 */
export async function createPreparedDatasetWriter(
  dir: string,
  options: PreparedDatasetWriterOptions,
): Promise<PreparedDatasetWriter> {
  const { imageSize, imageFormat = 'jpeg', jpegQuality, overwrite = false, command, metadata = {} } = options;
  const { width, height } = typeof imageSize === 'number' ? { width: imageSize, height: imageSize } : imageSize;
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new ConfigError(`${OPERATION}: expected a positive whole imageSize, got ${width} × ${height}.`, {
      expected: '>= 1',
      actual: imageSize,
    });
  }
  const order = findOrder(options.keypointOrder).name;
  const concurrency = checkConcurrency(options.concurrency, OPERATION);
  checkJpegQuality(jpegQuality, OPERATION);
  const target = resolve(dir);
  await checkTarget(target, overwrite, OPERATION);
  const root = await makePartialFolder(target);

  const splits = new Map<string, Split>();
  const sources = new Map<string, number>();
  const inFlight = new Set<Promise<void>>();
  let failure: unknown;
  let open = true;

  const openSplit = async (name: string): Promise<Split> => {
    if (!SPLIT_NAME.test(name)) {
      throw datasetError(OPERATION, `expected a split named by letters, digits, - and _, got '${name}'`, {
        expected: SPLIT_NAME.source,
        actual: name,
      });
    }
    await mkdir(join(root, 'images', name), { recursive: true });
    await mkdir(join(root, 'masks', name), { recursive: true });
    const writer = new SplitWriter(join(root, `${name}.json`));
    return { writer, ids: new Set(), masks: 0, tail: Promise.resolve() };
  };
  const pendingSplits = new Map<string, Promise<Split>>();
  const splitOf = async (name: string): Promise<Split> => {
    let pending = pendingSplits.get(name);
    if (pending === undefined) {
      pending = openSplit(name);
      pendingSplits.set(name, pending);
      splits.set(name, await pending);
    }
    return pending;
  };

  const store = async (relative: string, bytes: Uint8Array): Promise<string> => {
    await writeFile(join(root, relative), bytes);
    return createHash('sha256').update(bytes).digest('hex');
  };

  const abort = async (): Promise<void> => {
    open = false;
    await Promise.allSettled(inFlight);
    for (const split of splits.values()) split.writer.destroy();
    await rm(root, { recursive: true, force: true });
  };

  return {
    abort,

    async add(name, sample) {
      if (!open) throw datasetError('add', 'the dataset is closed');
      if (failure !== undefined) throw failure as Error;
      checkSample(sample, 'add');
      const { image, mask, id } = sample;
      if (image.width !== width || image.height !== height || sample.keypointOrder !== order) {
        throw datasetError(
          'add',
          `expected ${width} × ${height} pixels in '${order}' order, got ${image.width} × ${image.height} in '${sample.keypointOrder}' order (sample '${id}')`,
          { expected: { width, height, order }, actual: { ...image, data: undefined, order: sample.keypointOrder } },
        );
      }
      const split = await splitOf(name);
      if (split.ids.has(id)) throw datasetError('add', `split '${name}' already has a sample '${id}'`, { actual: id });
      const index = split.ids.size;
      split.ids.add(id);
      if (mask !== undefined) split.masks++;
      sources.set(sample.source.dataset, (sources.get(sample.source.dataset) ?? 0) + 1);

      const stem = String(index).padStart(8, '0');
      const file = `images/${name}/${stem}.${imageFormat === 'jpeg' ? 'jpg' : 'png'}`;
      const maskFile = mask && `masks/${name}/${stem}.png`;
      const annotation = annotationToRecord(annotationOf(sample), index);
      const pixels = { ...image, data: image.data.slice() };
      const maskPixels = mask && { ...mask, data: mask.data.slice() };
      const encoded = (async (): Promise<ImageRecord> => ({
        id: index,
        file_name: file,
        width,
        height,
        mask_file_name: maskFile,
        sha256: await store(file, await encodeImage(pixels, { format: imageFormat, quality: jpegQuality })),
        mask_sha256:
          maskPixels && maskFile && (await store(maskFile, await encodeImage(maskPixels, { format: 'png' }))),
      }))();
      split.tail = Promise.all([encoded, split.tail]).then(([record]) => split.writer.add(record, annotation));
      const done: Promise<void> = split.tail
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => inFlight.delete(done));
      inFlight.add(done);
      while (inFlight.size >= concurrency) await Promise.race(inFlight);
    },

    async close() {
      if (!open) throw datasetError('close', 'the dataset is closed');
      open = false;
      try {
        await Promise.all(inFlight);
        if (failure !== undefined) throw failure as Error;
        if (splits.size === 0) throw datasetError('close', `no sample was added, so ${target} is not written`);
        const splitInfo: PreparedDatasetInfo['splits'] = {};
        for (const [name, { writer, ids, masks }] of splits) {
          const sha256 = await writer.close(datasetCategories(order));
          splitInfo[name] = { annotations: `${name}.json`, count: ids.size, masks, sha256 };
        }
        const info = await writeDatasetInfo(root, {
          keypoint_order: order,
          image_size: { width, height },
          image_format: imageFormat,
          splits: splitInfo,
          sources: Object.fromEntries(sources),
          command,
          metadata: { ...metadata },
        });
        await moveIntoPlace(root, target);
        return info;
      } catch (cause) {
        await abort();
        throw cause;
      }
    },
  };
}
