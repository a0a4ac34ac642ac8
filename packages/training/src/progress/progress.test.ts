import { combineLoggers } from './combine-loggers.js';
import { consoleProgress } from './console-progress.js';
import { formatDuration, formatNumber } from './format.js';
import type { LogRecord } from '../fit/types.js';

const record: LogRecord = {
  iteration: 120,
  iterations: 2000,
  total: 12.34567,
  terms: { keypoints: 3.2, mask: 0.00001234 },
  learningRate: 1e-4,
  weights: {},
  samplesPerSecond: 412.3456,
  waitingShare: 0.02,
  secondsLeft: 185.2,
};

const CLEAR = '\r\u001b[2K';

function capture(isTTY?: boolean, columns?: number) {
  const written: string[] = [];
  return { written, stream: { write: (text: string) => written.push(text), isTTY, columns } };
}

describe('consoleProgress', () => {
  it('writes a line per record where there is no terminal', () => {
    const { written, stream } = capture();
    const logger = consoleProgress({ stream, label: 'train' });
    void logger.log(record);
    void logger.log({ ...record, iteration: 2000, waitingShare: 0.314, secondsLeft: 0 });
    void logger.end!();
    expect(written).toEqual([
      'train 120/2000 (6 %) loss 12.35 keypoints 3.2 mask 1.23e-5 | 412.3 images/s | 3m 05s left\n',
      'train 2000/2000 (100 %) loss 12.35 keypoints 3.2 mask 1.23e-5 | 412.3 images/s, waiting 31 % | 0s left\n',
    ]);
  });

  it('rewrites one line on a terminal, within its width, and leaves it at the end', () => {
    const { written, stream } = capture(true, 40);
    const logger = consoleProgress({ stream });
    void logger.log(record);
    void logger.log(record);
    void logger.end!();
    void logger.end!();
    expect(written).toHaveLength(3);
    expect(written[0]!.startsWith(`${CLEAR}120/2000 (6 %) loss 12.35 keyp`)).toBe(true);
    expect(written[0]!.endsWith('…')).toBe(true);
    expect(written[0]!.length - CLEAR.length).toBe(39);
    expect(written[2]).toBe('\n');
  });
});

describe('formats', () => {
  it('numbers keep four digits', () => {
    expect([0, 1, 0.012345, 123.456, 1234567, 1e-5, -2.5, NaN].map(formatNumber)).toEqual([
      '0',
      '1',
      '0.01235',
      '123.5',
      '1.23e6',
      '1.00e-5',
      '-2.5',
      'NaN',
    ]);
  });

  it('durations keep two units', () => {
    expect([0, 59.4, 60, 3599, 3600, 7384].map(formatDuration)).toEqual([
      '0s',
      '59s',
      '1m 00s',
      '59m 59s',
      '1h 00m',
      '2h 03m',
    ]);
  });
});

it('combineLoggers passes everything to each, in order', async () => {
  const seen: string[] = [];
  const logger = (name: string) => ({
    log: async () => void seen.push(`${name} log`),
    end: () => void seen.push(`${name} end`),
  });
  const both = combineLoggers(logger('a'), logger('b'), { log: () => undefined });
  await both.log(record);
  await both.end!();
  expect(seen).toEqual(['a log', 'b log', 'a end', 'b end']);
});
