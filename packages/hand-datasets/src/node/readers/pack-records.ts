// Records between threads. The structured clone of a record with its nine typed arrays takes 20 µs on each side, more than
// reading its file; one array of numbers and one text for a few hundred records take 3.
import { type DroppedRecord, type HandRecord, isDropped } from '../../records.js';
import type { ManoAnnotation } from '../../types.js';

/** Many records as three values that cross threads cheaply. */
export interface PackedRecords {
  /** Every float of every record, one after the other. */
  readonly numbers: Float64Array;
  /** `visibility` and `keypoints3dValid`. */
  readonly flags: Uint8Array;
  /** JSON of the rest. */
  readonly rest: string;
}

type Rest = Omit<
  HandRecord,
  'keypoints' | 'visibility' | 'keypoints3d' | 'keypoints3dValid' | 'camera' | 'mano' | 'handParameters' | 'crop'
> & { readonly mano: string | undefined };

/** Lengths of a record's arrays in their order, −1 for what it does not have. */
type Entry = readonly [rest: Rest, lengths: readonly number[]] | DroppedRecord;

type Floats = Float64Array | undefined;

const floatsOf = ({ keypoints, keypoints3d, camera, handParameters, crop, mano }: HandRecord): readonly Floats[] => [
  ...[keypoints, keypoints3d, camera, handParameters, crop],
  ...[mano?.pose, mano?.betas, mano?.transl, mano?.worldToCamera],
];
const flagsOf = ({ visibility, keypoints3dValid }: HandRecord): readonly (Uint8Array | undefined)[] => [
  visibility,
  keypoints3dValid,
];
const FLOATS = 9;

const total = (parts: readonly (ArrayLike<number> | undefined)[]): number =>
  parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);

/** The inverse of {@link unpackRecords}. */
export function packRecords(records: readonly (HandRecord | DroppedRecord)[]): PackedRecords {
  const floats = records.map((record) => (isDropped(record) ? [] : floatsOf(record)));
  const flags = records.map((record) => (isDropped(record) ? [] : flagsOf(record)));
  const numbers = new Float64Array(floats.reduce((sum, parts) => sum + total(parts), 0));
  const bytes = new Uint8Array(flags.reduce((sum, parts) => sum + total(parts), 0));
  let [number, byte] = [0, 0];
  const entries = records.map((record, i): Entry => {
    if (isDropped(record)) return record;
    for (const part of floats[i]!) {
      if (part === undefined) continue;
      numbers.set(part, number);
      number += part.length;
    }
    for (const part of flags[i]!) {
      if (part === undefined) continue;
      bytes.set(part, byte);
      byte += part.length;
    }
    const { id, source, image, imageSize, mask, side, isMirrored, keypointOrder, bbox, subject, sequence } = record;
    const rest = { id, source, image, imageSize, mask, side, isMirrored, keypointOrder, bbox, subject, sequence };
    const lengths = [...floats[i]!, ...flags[i]!].map((part) => part?.length ?? -1);
    return [{ ...rest, mano: record.mano?.convention }, lengths];
  });
  return { numbers, flags: bytes, rest: JSON.stringify(entries) };
}

/** The records again, every array with memory of its own. */
export function unpackRecords({ numbers, flags, rest }: PackedRecords): (HandRecord | DroppedRecord)[] {
  let [number, byte] = [0, 0];
  const float = (length: number): Floats => (length < 0 ? undefined : numbers.slice(number, (number += length)));
  const flag = (length: number): Uint8Array | undefined =>
    length < 0 ? undefined : flags.slice(byte, (byte += length));
  return (JSON.parse(rest) as Entry[]).map((entry) => {
    if ('dropped' in entry) return entry;
    const [{ mano: convention, ...fields }, lengths] = entry;
    const keypoints = float(lengths[0]!)!;
    const keypoints3d = float(lengths[1]!);
    const camera = float(lengths[2]!);
    const handParameters = float(lengths[3]!);
    const crop = float(lengths[4]!);
    const [pose, betas, transl, worldToCamera] = [5, 6, 7, 8].map((k) => float(lengths[k]!));
    const mano: ManoAnnotation | undefined =
      convention === undefined
        ? undefined
        : { convention, pose: pose!, betas: betas!, transl, ...(worldToCamera && { worldToCamera }) };
    const { imageSize, mask, subject, sequence } = fields;
    return {
      ...fields,
      ...{ imageSize, mask, subject, sequence, mano, keypoints, keypoints3d, camera, handParameters, crop },
      visibility: flag(lengths[FLOATS]!)!,
      keypoints3dValid: flag(lengths[FLOATS + 1]!),
    };
  });
}
