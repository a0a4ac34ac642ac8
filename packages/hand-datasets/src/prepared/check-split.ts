import { checkInside } from '../check-inside.js';
import { CompactKeys } from '../compact-keys.js';
import { datasetError } from '../dataset-error.js';
import { checkJson } from './parse-json.js';
import { type AnnotationRecord, annotationRecordSchema, type ImageRecord, imageRecordSchema } from './schema.js';

/** Image and annotation of one sample, as a split's file has them. */
export interface SplitRecord {
  readonly image: ImageRecord;
  readonly annotation: AnnotationRecord;
}

const FILE_KEYS = ['file_name', 'mask_file_name', 'depth_file_name'] as const;

/** The checks of a split's COCO file, record by record, images before their annotations. */
export class SplitCheck {
  readonly #file: string;
  readonly #operation: string;
  /** NaN where the image has none that could be compared. */
  readonly #imageIds: number[] = [];
  readonly #sampleIds = new CompactKeys();

  /** @param file the split's file, for messages */
  constructor(file: string, operation: string) {
    this.#file = file;
    this.#operation = operation;
  }

  /** A value that could not be parsed comes as its SyntaxError. */
  #checkParsed(value: unknown, list: 'images' | 'annotations', i: number): void {
    if (!(value instanceof SyntaxError)) return;
    const found = `${this.#file}: ${list}[${i}] is not JSON (${value.message})`;
    throw datasetError(this.#operation, found, { cause: value });
  }

  /** Image `i` of the file. @throws DatasetError naming file, record and key */
  image(value: unknown, i: number): ImageRecord {
    this.#imageIds[i] = NaN;
    this.#checkParsed(value, 'images', i);
    const image = checkJson(value, imageRecordSchema, this.#file, this.#operation, ['images', i]);
    this.#imageIds[i] = image.id;
    for (const key of FILE_KEYS) {
      const name = image[key];
      if (name !== undefined) checkInside(name, `${this.#file}: images[${i}].${key}`, this.#operation);
    }
    return image;
  }

  /** Annotation `i` of the file. @throws DatasetError naming file, record and key */
  annotation(value: unknown, i: number): AnnotationRecord {
    this.#checkParsed(value, 'annotations', i);
    const annotation = checkJson(value, annotationRecordSchema, this.#file, this.#operation, ['annotations', i]);
    const { image_id: imageId, sample_id: id } = annotation;
    const where = `${this.#file}: annotations[${i}]`;
    const there = this.#imageIds[i];
    if (there !== undefined && !Number.isNaN(there) && imageId !== there) {
      throw datasetError(this.#operation, `${where}.image_id is ${imageId}, the image at its place is ${there}`);
    }
    if (this.#sampleIds.add(id) < 0) {
      throw datasetError(this.#operation, `${where}.sample_id '${id}' is there a second time`);
    }
    return annotation;
  }

  /**
   * That there are as many as dataset.json promises.
   *
   * @param found images and annotations
   * @throws DatasetError
   */
  count(count: number, found: readonly [images: number, annotations: number]): void {
    if (found.every((number) => number === count)) return;
    throw datasetError(
      this.#operation,
      `expected ${count} images and annotations in ${this.#file} as dataset.json says, got ${found.join(' and ')}`,
      { expected: count, actual: found },
    );
  }
}
