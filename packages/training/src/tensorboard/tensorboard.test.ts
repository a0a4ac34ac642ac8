import protobuf from 'protobufjs';
import { crc32c, maskedCrc32c } from './crc32c.js';
import { restartEvent, summaryEvent, versionEvent } from './event.js';
import { histogram } from './histogram.js';
import { tfRecord } from './tf-record.js';

/** The parts of event.proto and summary.proto of TensorFlow that TensorBoard reads. */
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
  }
  message SessionLog { enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; } SessionStatus status = 1; }
  message Summary {
    message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }
    message Value {
      string tag = 1;
      oneof value { float simple_value = 2; Image image = 4; HistogramProto histo = 5; }
    }
    repeated Value value = 1;
  }
  message HistogramProto {
    double min = 1; double max = 2; double num = 3; double sum = 4; double sum_squares = 5;
    repeated double bucket_limit = 6 [packed = true]; repeated double bucket = 7 [packed = true];
  }
`,
  { keepCase: true },
);
const decode = (bytes: Uint8Array): unknown => {
  const type = root.lookupType('Event');
  return type.toObject(type.decode(bytes), { longs: Number, enums: String, bytes: Array });
};

describe('crc32c', () => {
  it('gives the published sums (RFC 3720, B.4)', () => {
    const rising = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(rising)).toBe(0x46dd794e);
    expect(crc32c(rising.slice().reverse())).toBe(0x113fdb5c);
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  });
});

describe('tfRecord', () => {
  it('frames data as TensorFlow does', () => {
    const data = new TextEncoder().encode('123456789');
    const record = tfRecord(data);
    const view = new DataView(record.buffer);
    expect(record).toHaveLength(9 + 16);
    expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual([9, 0]);
    expect(record.subarray(12, 21)).toEqual(data);
    // ((crc >> 15) | (crc << 17)) + 0xa282ead8, by hand for 0xe3069283
    const turned = ((0xe3069283n >> 15n) | ((0xe3069283n << 17n) & 0xffffffffn)) + 0xa282ead8n;
    expect(BigInt(view.getUint32(21, true))).toBe(turned & 0xffffffffn);
    expect(view.getUint32(8, true)).toBe(maskedCrc32c(record.subarray(0, 8)));
  });

  it('gives the first bytes of every event file that TensorFlow writes', () => {
    // length 24 and its sum stand at the head of all of them: a time, and 'brain.Event:2'
    const record = tfRecord(versionEvent(1.5));
    expect([...record.subarray(0, 12)]).toEqual([0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22]);
    expect(decode(record.subarray(12, -4))).toEqual({ wall_time: 1.5, file_version: 'brain.Event:2' });
  });
});

describe('events', () => {
  it('hold scalars, histograms and images, as another reader sees them', () => {
    const spread = histogram([-4, 0.5, 1, 1, NaN, 4], 4);
    const event = summaryEvent(1700000000.25, 123456, [
      { tag: 'loss/total', scalar: 0.1 },
      { tag: 'weights/größe', histogram: spread },
      { tag: 'hands', image: { width: 300, height: 2, encoded: Uint8Array.of(1, 200, 3) } },
    ]);
    expect(decode(event)).toEqual({
      wall_time: 1700000000.25,
      step: 123456,
      summary: {
        value: [
          { tag: 'loss/total', simple_value: Math.fround(0.1) },
          {
            tag: 'weights/größe',
            histo: {
              ...{ min: -4, max: 4, num: 5, sum: 2.5, sum_squares: 34.25 },
              bucket_limit: [-2, 0, 2, 4],
              bucket: [1, 0, 3, 1],
            },
          },
          { tag: 'hands', image: { height: 2, width: 300, colorspace: 3, encoded_image_string: [1, 200, 3] } },
        ],
      },
    });
  });

  it('say that a run goes on', () => {
    expect(decode(restartEvent(2, 500))).toEqual({ wall_time: 2, step: 500, session_log: { status: 'START' } });
  });

  it('write steps of any size and negative numbers as other writers do', () => {
    const type = root.lookupType('Event');
    for (const step of [0, 127, 128, 2 ** 31, 2 ** 53 - 1, -1]) {
      expect(decode(summaryEvent(1, step, []))).toMatchObject(
        type.toObject(type.decode(type.encode({ step }).finish()), { longs: Number, defaults: false }),
      );
    }
  });
});

describe('histogram', () => {
  it('counts equal values and none at all', () => {
    expect(histogram([2, 2])).toMatchObject({ min: 2, max: 2, count: 2, limits: [2], counts: [2] });
    expect(histogram([NaN])).toMatchObject({ count: 0, limits: [0], counts: [0] });
  });
});
