import type { z } from 'zod';
import type { GrayImage, RgbImage } from '@opposable/drawing';
import { ConfigError } from '@opposable/tensor-checks';
import { checkAnnotation } from '../../check-annotation.js';
import { datasetError } from '../../dataset-error.js';
import { type DroppedRecord, dropRecord, type HandRecord, isDropped } from '../../records.js';
import { annotationOf, type ImageSize } from '../../transform/move-annotation.js';
import type { HandSample } from '../../types.js';
import { CompactKeys } from '../../compact-keys.js';
import { checkConcurrency, concurrentMapOf } from '../concurrent-map.js';
import { type DatasetFolder, openDatasetFolder } from '../dataset-folder.js';
import { readImage, readMask } from '../images/read-image.js';
import type { DatasetReader, ReaderProblem, SampleStream } from './types.js';

const KEPT_PROBLEMS = 100;

type Found = HandRecord | DroppedRecord;

/** What a dataset's reader consists of; the walking, counting, checking and decoding are the same for all. */
export interface ReaderDefinition<Schema extends z.ZodObject> {
  /** Name of the dataset, as in `readers`. */
  readonly name: string;
  /** The reader's own options: splits, cameras, versions. */
  readonly options: Schema;
  /**
   * The records in file order, one by one or, which is faster, many at a time. One that cannot be used is given as a
   * {@link DroppedRecord}, never left out in silence.
   */
  records(
    folder: DatasetFolder,
    options: z.output<Schema>,
  ): AsyncIterable<HandRecord | DroppedRecord | readonly (HandRecord | DroppedRecord)[]>;
  /** Hands of which only the box is known are given, too: an evaluation set without its labels. Default: they are dropped. */
  readonly givesUnlabelled?: boolean | undefined;
  /** Turns a dataset's own mask image into 255 on the hand, 0 elsewhere. Default: what is above 127. */
  readonly maskOf?: ((mask: GrayImage, record: HandRecord) => GrayImage) | undefined;
  /** Reads the file of a mask. Default: as an image. */
  readonly readMaskFile?: ((path: string) => Promise<GrayImage>) | undefined;
}

/** Options of a schema; none for an empty one. */
type OwnOptions<Schema extends z.ZodObject> = string extends keyof z.input<Schema> ? object : z.input<Schema>;

/** A reader, with the schema of its own options for those who configure it from a file. */
export type DefinedReader<Schema extends z.ZodObject = z.ZodObject> = DatasetReader<OwnOptions<Schema>> & {
  readonly datasetName: string;
  readonly options: Schema;
};

function threshold(mask: GrayImage): GrayImage {
  return { ...mask, data: mask.data.map((value) => (value > 127 ? 255 : 0)) };
}

function checkOptions<Schema extends z.ZodObject>(
  schema: Schema,
  options: object,
  operation: string,
): z.output<Schema> {
  const result = schema.strict().safeParse(options);
  if (result.success) return result.data as z.output<Schema>;
  const { path, message } = result.error.issues[0]!;
  const key = path.length > 0 ? `option ${path.map(String).join('.')}: ` : '';
  const accepted = [...Object.keys(schema.shape), 'rows', 'strict', 'concurrency'].join(', ');
  throw new ConfigError(`${operation}: ${key}${message}; accepted options are ${accepted}.`, { expected: accepted });
}

/**
 * Makes a dataset's reader of what is particular to it.
 *
 * Records with numbers that are not finite, an id that came before, no labelled keypoint, a box of negative size or beside
 * the image, or keypoints that all lie outside the image are dropped and counted; so are those whose image is missing (apart), cannot be decoded or has
 * another size than its annotation says.
 */
export function defineReader<Schema extends z.ZodObject>(definition: ReaderDefinition<Schema>): DefinedReader<Schema> {
  const { name, maskOf = threshold, readMaskFile = readStoredMask, givesUnlabelled = false } = definition;
  const operation = `readers['${name}']`;
  const reader: DatasetReader<OwnOptions<Schema>> = (root, allOptions = {} as never) => {
    const { rows, strict = false, concurrency, ...own } = allOptions as Parameters<DatasetReader>[1] & object;
    const options = checkOptions(definition.options, own, operation);
    const problems: ReaderProblem[] = [];
    const report = { read: 0, missingImages: 0, dropped: {} as Record<string, number>, problems };
    const folder = openDatasetFolder(root, operation);
    folder.catch(() => undefined); // reported to whoever reads

    const drop = ({ dropped, where, message, isFault = true }: DroppedRecord, cause?: unknown): void => {
      const sentence = `${where}: ${message}`;
      if (strict && isFault) throw datasetError(operation, sentence, { cause });
      report.dropped[dropped] = (report.dropped[dropped] ?? 0) + 1;
      if (problems.length < KEPT_PROBLEMS) problems.push({ reason: dropped, message: sentence });
    };

    function* usableOf(found: Found | readonly Found[], ids: CompactKeys): Generator<HandRecord, void, undefined> {
      for (const record of Array.isArray(found) ? (found as Found[]) : [found as Found]) {
        const unusable = isDropped(record) ? record : problemOf(record, ids, givesUnlabelled);
        if (unusable) drop(unusable);
        else yield record as HandRecord;
      }
    }

    async function* rowsOf(rows: readonly number[]): AsyncGenerator<HandRecord, void, undefined> {
      const wanted = new Map<number, HandRecord | undefined>(rows.map((row) => [row, undefined]));
      const ids = new CompactKeys();
      let last = -1;
      for await (const found of definition.records(await folder, options)) {
        for (const record of usableOf(found, ids)) {
          last = Math.max(last, record.source.index);
          if (wanted.has(record.source.index)) wanted.set(record.source.index, record);
        }
      }
      for (const row of rows) {
        const record = wanted.get(row);
        if (record === undefined) {
          const message = `expected rows from 0 to ${last}, got ${row}`;
          const dropped = row >= 0 && row <= last ? ' (which is not there or was dropped)' : '';
          throw datasetError(operation, message + dropped, { expected: [0, last], actual: row });
        }
        yield record;
      }
    }

    /** The one generator between a reader's batches and whoever asks for records: every further one costs 0.5 µs a record. */
    async function* chosen(onRecord?: () => void): AsyncGenerator<HandRecord, void, undefined> {
      if (rows !== undefined) {
        for await (const record of rowsOf(rows)) {
          onRecord?.();
          yield record;
        }
        return;
      }
      const ids = new CompactKeys();
      for await (const found of definition.records(await folder, options)) {
        for (const record of usableOf(found, ids)) {
          onRecord?.();
          yield record;
        }
      }
    }

    const load = async (record: HandRecord): Promise<HandSample> => {
      const opened = await folder;
      const { image: imageFile, imageSize, mask: maskFile, ...annotation } = record;
      const where = `${record.source.file}: record ${record.source.index}`;
      const path = await opened.path(imageFile, where);
      const image = await readAnnotated(path, imageSize);
      if (imageSize && (image.width !== imageSize.width || image.height !== imageSize.height)) {
        throw datasetError(
          operation,
          `expected ${path} to be ${imageSize.width} × ${imageSize.height} pixels, got ${image.width} × ${image.height}`,
          { expected: imageSize, actual: { width: image.width, height: image.height } },
        );
      }
      const mask = maskFile === undefined ? undefined : await readMaskFile(await opened.path(maskFile, where));
      if (mask) checkMaskSize(mask, image, maskFile!, operation);
      return { ...annotationOf(annotation), image, mask: mask && maskOf(mask, record) };
    };

    const attempt = async (record: HandRecord): Promise<HandSample | undefined> => {
      const opened = await folder;
      const where = `${record.source.file}: record ${record.source.index}`;
      const path = await opened.path(record.image, where).catch((cause: Error) => {
        drop(dropRecord('unsafe path', where, cause.message), cause);
        return undefined;
      });
      if (path === undefined) return undefined;
      if (rows === undefined && !(await opened.has(record.image))) {
        if (strict) throw datasetError(operation, `${where}: there is no image ${record.image}`);
        report.missingImages++;
        return undefined;
      }
      let sample: HandSample;
      try {
        sample = await load(record);
      } catch (cause) {
        if (rows !== undefined) throw cause;
        drop(dropRecord('unusable image', where, (cause as Error).message), cause);
        return undefined;
      }
      const beside = record.imageSize === undefined ? misplaced(record, sample.image, where) : undefined;
      if (beside === undefined) return sample;
      if (rows !== undefined) throw datasetError(operation, `${where}: ${beside.message}`);
      drop(beside);
      return undefined;
    };

    async function* samples(): AsyncGenerator<HandSample, void, undefined> {
      for await (const sample of concurrentMapOf(chosen(), attempt, checkConcurrency(concurrency, operation))) {
        if (sample === undefined) continue;
        report.read++;
        yield sample;
      }
    }

    const records = (): AsyncGenerator<HandRecord, void, undefined> => chosen(() => report.read++);

    const stream: SampleStream = { report, records, load, [Symbol.asyncIterator]: samples };
    return stream;
  };
  return Object.assign(reader, { datasetName: name, options: definition.options });
}

const readStoredMask = (path: string): Promise<GrayImage> => readMask(path, { orientation: 'stored' });

/**
 * An image whichever way up it was annotated: as its pixels lie in the file, or, where the annotation's size tells, as EXIF data
 * says that it is to be seen.
 */
async function readAnnotated(path: string, size: HandRecord['imageSize']): Promise<RgbImage> {
  const stored = await readImage(path, { orientation: 'stored' });
  const isTurned = size && stored.width !== size.width && stored.width === size.height && stored.height === size.width;
  if (!isTurned) return stored;
  const seen = await readImage(path);
  return seen.width === size.width && seen.height === size.height ? seen : stored;
}

function checkMaskSize(mask: GrayImage, image: RgbImage, file: string, operation: string): void {
  if (mask.width === image.width && mask.height === image.height) return;
  throw datasetError(
    operation,
    `expected the mask ${file} to be ${image.width} × ${image.height} pixels like its image, got ${mask.width} × ${mask.height}`,
  );
}

/** Why a record cannot be used, whatever its dataset. */
function problemOf(record: HandRecord, ids: CompactKeys, givesUnlabelled: boolean): DroppedRecord | undefined {
  const where = `${record.source.file}: record ${record.source.index}`;
  if (ids.add(record.id) < 0) return dropRecord('duplicate id', where, `the id ${record.id} came before`);
  try {
    checkAnnotation(record, 'record');
  } catch (cause) {
    return dropRecord('bad numbers', where, (cause as Error).message.replace(/^record: |\.$/g, ''));
  }
  const { visibility, imageSize } = record;
  if (!givesUnlabelled && visibility.every((value) => value === 0)) {
    return dropRecord('no keypoints', where, 'no keypoint is labelled');
  }
  return imageSize && misplaced(record, imageSize, where); // without a size it is looked at when the image has been decoded
}

/** Why box and keypoints are not those of a hand in an image of this size. */
function misplaced(
  { keypoints, visibility, bbox }: HandRecord,
  imageSize: ImageSize,
  where: string,
): DroppedRecord | undefined {
  const [x, y, width, height] = bbox;
  const meets = x <= imageSize.width && y <= imageSize.height && x + width >= -1 && y + height >= -1;
  if (!(width >= 0 && height >= 0 && meets)) {
    const size = `${imageSize.width} × ${imageSize.height}`;
    return dropRecord('bad box', where, `expected a box that meets the ${size} image, got [${bbox.join(', ')}]`);
  }
  if (visibility.every((value) => value === 0)) return undefined; // the box says where the hand is
  const touches = visibility.some((value, i) => {
    const [u, v] = [keypoints[2 * i]!, keypoints[2 * i + 1]!];
    return value > 0 && u >= -0.5 && v >= -0.5 && u <= imageSize.width - 0.5 && v <= imageSize.height - 0.5;
  });
  if (touches) return undefined;
  return dropRecord(
    'outside the image',
    where,
    `every labelled keypoint lies outside the ${imageSize.width} × ${imageSize.height} image`,
  );
}
