import { keypointOrder, type KeypointOrderName } from '@opposable/keypoint-order';
import {
  checkPreparedSize,
  parsePreparedInfo,
  parsePreparedSplit,
  type PreparedDatasetInfo,
  type PreparedSplit,
} from '@opposable/hand-datasets';
import { DatasetError } from '@opposable/tensor-checks';
import type { DatasetFolder } from './dataset-folder.js';

/** A prepared dataset whose dataset.json is read and checked. */
export interface OpenDataset {
  readonly folder: DatasetFolder;
  readonly info: PreparedDatasetInfo;
  readonly order: KeypointOrderName;
  /** Reads and checks a split's file. @throws DatasetError */
  split(name: string): Promise<PreparedSplit>;
}

async function read(folder: DatasetFolder, name: string): Promise<Uint8Array> {
  const file = await folder.file(name);
  checkPreparedSize(file.size, name, 'Data');
  return new Uint8Array(await file.arrayBuffer());
}

/** @throws DatasetError naming what is missing or malformed */
export async function openDataset(folder: DatasetFolder): Promise<OpenDataset> {
  const info = parsePreparedInfo(await read(folder, 'dataset.json'), { operation: 'Data' });
  const order = keypointOrder(info.keypoint_order).name as KeypointOrderName;
  return {
    folder,
    info,
    order,
    async split(name) {
      const known = Object.keys(info.splits);
      if (!known.includes(name)) {
        throw new DatasetError(`Expected one of the splits ${known.join(', ')}, got ${name.slice(0, 40)}.`, {
          expected: known,
          actual: name,
        });
      }
      const { annotations: file, count } = info.splits[name]!;
      return parsePreparedSplit(await read(folder, file), { file, count, keypointOrder: order, operation: 'Data' });
    },
  };
}
