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
  readonly #imageIds: number[] = [];
  readonly #sampleIds = new CompactKeys();

  /** @param file the split's file, for messages */
  constructor(file: string, operation: string) {
    this.#file = file;
    this.#operation = operation;
  }

  /** Image `i` of the file. @throws DatasetError naming file, record and key */
  image(value: unknown, i: number): ImageRecord {
    const image = checkJson(value, imageRecordSchema, this.#file, this.#operation, ['images', i]);
    for (const key of FILE_KEYS) {
      const name = image[key];
      if (name !== undefined) checkInside(name, `${this.#file}: images[${i}].${key}`, this.#operation);
    }
    this.#imageIds.push(image.id);
    return image;
  }

  /** Annotation `i` of the file. @throws DatasetError naming file, record and key */
  annotation(value: unknown, i: number): AnnotationRecord {
    const annotation = checkJson(value, annotationRecordSchema, this.#file, this.#operation, ['annotations', i]);
    const { image_id: imageId, sample_id: id } = annotation;
    const where = `${this.#file}: annotations[${i}]`;
    if (i < this.#imageIds.length && imageId !== this.#imageIds[i]) {
      const there = this.#imageIds[i];
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
