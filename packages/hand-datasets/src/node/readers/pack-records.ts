// Records between threads. The structured clone of a record with its nine typed arrays takes 20 µs on each side, more than
// reading its file. Here some hundred records are two arrays and some texts: what many of them share (side, order, lengths)
// stands there once. JSON of every record with arrays of their own took 59 µs to read again, this 6.
import { type DroppedRecord, type HandRecord, isDropped } from '../../records.js';

/** Many records as values that cross threads cheaply. */
export interface PackedRecords {
  /** Box, index and every float of every record, one after the other. */
  readonly numbers: Float64Array;
  /** `visibility` and `keypoints3dValid`. */
  readonly flags: Uint8Array;
  /** JSON of the texts in which records differ. */
  readonly texts: string;
  /** JSON of the {@link Kind}s. */
  readonly kinds: string;
  /** Each record's place among these. */
  readonly kindOf: Uint32Array;
}

type Shared = Pick<HandRecord, 'imageSize' | 'side' | 'isMirrored' | 'keypointOrder' | 'subject'>;

/** What records share. */
type Kind =
  | Pick<DroppedRecord, 'dropped' | 'isFault'>
  | (Shared & {
      readonly dataset: string;
      /** Name of the MANO convention. */
      readonly mano?: string | undefined;
      /** Lengths of the float arrays in their order, −1 for what there is not; then of the flags. */
      readonly floats: readonly number[];
      readonly flags: readonly number[];
      readonly hasMask: boolean;
      readonly hasSequence: boolean;
    });

/** From so many elements on `set` is faster than a loop. */
const LONG = 256;

/** Whether two records have the same {@link Kind}: mostly so, and seen sooner than that the kinds' texts are the same. */
function isAlike(a: HandRecord, b: HandRecord): boolean {
  return (
    a.side === b.side &&
    a.isMirrored === b.isMirrored &&
    a.keypointOrder === b.keypointOrder &&
    a.subject === b.subject &&
    a.source.dataset === b.source.dataset &&
    a.mano?.convention === b.mano?.convention &&
    a.imageSize?.width === b.imageSize?.width &&
    a.imageSize?.height === b.imageSize?.height &&
    (a.mask === undefined) === (b.mask === undefined) &&
    (a.sequence === undefined) === (b.sequence === undefined) &&
    lengthOf(a.keypoints) === lengthOf(b.keypoints) &&
    lengthOf(a.keypoints3d) === lengthOf(b.keypoints3d) &&
    lengthOf(a.camera) === lengthOf(b.camera) &&
    lengthOf(a.handParameters) === lengthOf(b.handParameters) &&
    lengthOf(a.crop) === lengthOf(b.crop) &&
    lengthOf(a.mano?.pose) === lengthOf(b.mano?.pose) &&
    lengthOf(a.mano?.betas) === lengthOf(b.mano?.betas) &&
    lengthOf(a.mano?.transl) === lengthOf(b.mano?.transl) &&
    lengthOf(a.mano?.worldToCamera) === lengthOf(b.mano?.worldToCamera) &&
    lengthOf(a.visibility) === lengthOf(b.visibility) &&
    lengthOf(a.keypoints3dValid) === lengthOf(b.keypoints3dValid)
  );
}

/** Box and index. */
const HEAD = 5;

const floatsOf = ({ keypoints, keypoints3d, camera, handParameters, crop, mano }: HandRecord) => [
  ...[keypoints, keypoints3d, camera, handParameters, crop],
  ...[mano?.pose, mano?.betas, mano?.transl, mano?.worldToCamera],
];
const lengthOf = (part: ArrayLike<number> | undefined): number => part?.length ?? -1;

/** The inverse of {@link unpackRecords}. */
export function packRecords(records: readonly (HandRecord | DroppedRecord)[]): PackedRecords {
  const places = new Map<string, number>();
  const kindOf = new Uint32Array(records.length);
  const texts: string[] = [];
  const parts: ArrayLike<number>[] = [];
  const flags: ArrayLike<number>[] = [];
  let last: { readonly record: HandRecord; readonly place: number } | undefined;
  const noteKind = (i: number, kind: Kind): void => {
    const text = JSON.stringify(kind);
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    kindOf[i] = place;
  };
  records.forEach((record, i) => {
    if (isDropped(record)) {
      const { dropped, isFault, where, message } = record;
      noteKind(i, { dropped, isFault });
      texts.push(where, message);
      return;
    }
    const { imageSize, side, isMirrored, keypointOrder, subject, mano, source, mask, sequence } = record;
    const floats = floatsOf(record);
    if (last !== undefined && isAlike(last.record, record)) kindOf[i] = last.place;
    else
      noteKind(i, {
        ...{ imageSize, side, isMirrored, keypointOrder, subject, dataset: source.dataset, mano: mano?.convention },
        ...{ floats: floats.map(lengthOf), flags: [record.visibility, record.keypoints3dValid].map(lengthOf) },
        ...{ hasMask: mask !== undefined, hasSequence: sequence !== undefined },
      });
    last = { record, place: kindOf[i]! };
    texts.push(record.id, source.file, record.image);
    if (mask !== undefined) texts.push(mask);
    if (sequence !== undefined) texts.push(sequence);
    parts.push(record.bbox, [source.index]);
    for (const part of floats) if (part !== undefined) parts.push(part);
    flags.push(record.visibility);
    if (record.keypoints3dValid) flags.push(record.keypoints3dValid);
  });
  const numbers = new Float64Array(total(parts));
  const bytes = new Uint8Array(total(flags));
  join(numbers, parts);
  join(bytes, flags);
  return { numbers, flags: bytes, texts: JSON.stringify(texts), kinds: `[${[...places.keys()].join()}]`, kindOf };
}

const total = (parts: readonly ArrayLike<number>[]): number => parts.reduce((sum, { length }) => sum + length, 0);

function join(whole: Float64Array | Uint8Array, parts: readonly ArrayLike<number>[]): void {
  let at = 0;
  for (const part of parts) {
    if (part.length > LONG) whole.set(part, at);
    else for (let i = 0; i < part.length; i++) whole[at + i] = part[i]!;
    at += part.length;
  }
}

/** The records again. The arrays of a record share memory, those of different records do not. */
export function unpackRecords(packed: PackedRecords): (HandRecord | DroppedRecord)[] {
  const kinds = JSON.parse(packed.kinds) as Kind[];
  const texts = JSON.parse(packed.texts) as string[];
  let [number, flag, text] = [0, 0, 0];

  const recordOf = (kind: Exclude<Kind, { readonly dropped: string }>): HandRecord => {
    const { floats, flags } = kind;
    let count = HEAD;
    for (const length of floats) if (length > 0) count += length;
    const own = packed.numbers.slice(number, number + count);
    number += count;
    let at = HEAD;
    const float = (i: number): Float64Array | undefined => {
      const length = floats[i]!;
      return length < 0 ? undefined : own.subarray(at, (at += length));
    };
    const bytes = (length: number): Uint8Array => packed.flags.slice(flag, (flag += length));
    const [id, file, image] = [texts[text]!, texts[text + 1]!, texts[text + 2]!];
    text += 3;
    const mask = kind.hasMask ? texts[text++] : undefined;
    const sequence = kind.hasSequence ? texts[text++] : undefined;
    const [keypoints, keypoints3d, camera] = [float(0)!, float(1), float(2)];
    const [handParameters, crop] = [float(3), float(4)];
    const [pose, betas, transl, worldToCamera] = [float(5), float(6), float(7), float(8)];
    return {
      id,
      source: { dataset: kind.dataset, file, index: own[4]! },
      image,
      imageSize: kind.imageSize,
      mask,
      side: kind.side,
      isMirrored: kind.isMirrored,
      keypointOrder: kind.keypointOrder,
      keypoints,
      visibility: bytes(flags[0]!),
      keypoints3d,
      keypoints3dValid: flags[1]! < 0 ? undefined : bytes(flags[1]!),
      camera,
      bbox: [own[0]!, own[1]!, own[2]!, own[3]!],
      mano:
        kind.mano === undefined
          ? undefined
          : { convention: kind.mano, pose: pose!, betas: betas!, transl, ...(worldToCamera && { worldToCamera }) },
      handParameters,
      crop,
      subject: kind.subject,
      sequence,
    };
  };

  return Array.from(packed.kindOf, (place) => {
    const kind = kinds[place]!;
    if (!('dropped' in kind)) return recordOf(kind);
    const [where, message] = [texts[text]!, texts[text + 1]!];
    text += 2;
    return { dropped: kind.dropped, where, message, ...('isFault' in kind && { isFault: kind.isFault }) };
  });
}
