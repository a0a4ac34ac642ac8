import { KEYPOINT_ORDERS, keypointOrder, KeypointOrderError } from '@opposable/keypoint-order';
import { checkInside } from '../check-inside.js';
import { datasetError } from '../dataset-error.js';
import { parseJson } from './parse-json.js';
import { decodePreparedText, type PreparedText } from './prepared-text.js';
import { datasetInfoSchema, type PreparedDatasetInfo } from './schema.js';

export interface ParsePreparedInfoOptions {
  /** Name of the file, for messages. Default 'dataset.json'. */
  readonly file?: string | undefined;
  /** In whose name errors speak. Default 'parsePreparedInfo'. */
  readonly operation?: string | undefined;
}

/**
 * What the `dataset.json` of a prepared dataset says. Touches no file: the caller has read it.
 *
 * @param content of the file, text or UTF-8
 * @returns format, keypoint order, image size, and of each split its file and the number of its samples
 * @throws DatasetError naming file and key of what is missing, malformed, of another version, or outside the folder
 */
export function parsePreparedInfo(content: PreparedText, options: ParsePreparedInfoOptions = {}): PreparedDatasetInfo {
  const { file = 'dataset.json', operation = 'parsePreparedInfo' } = options;
  const info = parseJson(decodePreparedText(content, file, operation), datasetInfoSchema, file, operation);
  for (const [name, { annotations }] of Object.entries(info.splits)) {
    checkInside(annotations, `${file}: splits.${name}.annotations`, operation);
  }
  try {
    keypointOrder(info.keypoint_order);
  } catch (cause) {
    if (!(cause instanceof KeypointOrderError)) throw cause;
    const known = Object.keys(KEYPOINT_ORDERS);
    const found = JSON.stringify(info.keypoint_order);
    throw datasetError(operation, `expected ${file} to name one of the orders ${known.join(', ')}, got ${found}`, {
      ...{ expected: known, actual: info.keypoint_order, cause },
    });
  }
  return info;
}
