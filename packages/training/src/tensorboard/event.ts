import type { Histogram } from './histogram.js';
import { ProtobufWriter } from '@opposable/array-files';

/** An encoded picture: PNG, JPEG or GIF. */
export interface EventImage {
  readonly width: number;
  readonly height: number;
  readonly encoded: Uint8Array;
}

/** One value with its name, as TensorBoard groups them: `loss/total`. */
export type EventValue = { readonly tag: string } & (
  { readonly scalar: number } | { readonly histogram: Histogram } | { readonly image: EventImage }
);

/** Field numbers of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const VALUE = { tag: 1, simpleValue: 2, image: 4, histogram: 5 } as const;
const IMAGE = { height: 1, width: 2, colorspace: 3, encoded: 4 } as const;
const HISTOGRAM = { min: 1, max: 2, count: 3, sum: 4, sumOfSquares: 5, limits: 6, counts: 7 } as const;
const RGB = 3;
const SESSION_START = 1;

/** The first event of every file. */
export function versionEvent(seconds: number): Uint8Array {
  return new ProtobufWriter().double(EVENT.wallTime, seconds).text(EVENT.fileVersion, 'brain.Event:2').finish();
}

/** Tells TensorBoard that a run goes on from a step: it forgets what earlier files say of this step and later ones. */
export function restartEvent(seconds: number, step: number): Uint8Array {
  const session = new ProtobufWriter().integer(1, SESSION_START);
  return new ProtobufWriter()
    .double(EVENT.wallTime, seconds)
    .integer(EVENT.step, step)
    .message(EVENT.sessionLog, session)
    .finish();
}

/** @param seconds since 1970 */
export function summaryEvent(seconds: number, step: number, values: readonly EventValue[]): Uint8Array {
  const summary = new ProtobufWriter();
  for (const value of values) summary.message(1, encodeValue(value));
  return new ProtobufWriter()
    .double(EVENT.wallTime, seconds)
    .integer(EVENT.step, step)
    .message(EVENT.summary, summary)
    .finish();
}

function encodeValue(value: EventValue): ProtobufWriter {
  const message = new ProtobufWriter().text(VALUE.tag, value.tag);
  if ('scalar' in value) return message.float(VALUE.simpleValue, value.scalar);
  if ('image' in value) {
    const { width, height, encoded } = value.image;
    return message.message(
      VALUE.image,
      new ProtobufWriter()
        .integer(IMAGE.height, height)
        .integer(IMAGE.width, width)
        .integer(IMAGE.colorspace, RGB)
        .bytes(IMAGE.encoded, encoded),
    );
  }
  const { min, max, count, sum, sumOfSquares, limits, counts } = value.histogram;
  return message.message(
    VALUE.histogram,
    new ProtobufWriter()
      .double(HISTOGRAM.min, min)
      .double(HISTOGRAM.max, max)
      .double(HISTOGRAM.count, count)
      .double(HISTOGRAM.sum, sum)
      .double(HISTOGRAM.sumOfSquares, sumOfSquares)
      .doubles(HISTOGRAM.limits, limits)
      .doubles(HISTOGRAM.counts, counts),
  );
}
