import * as tf from '@tensorflow/tfjs-core';
import { spawn } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRecord } from '../fit/types.js';
import { prepareBackend } from '../prepare-backend.js';
import { restartEvent } from '../tensorboard/event.js';
import { eventFile, eventLogger } from './event-file.js';
import { forgetLater } from './forget-later.js';
import { keepCheckpoints, loadLastCheckpoint } from './keep-checkpoints.js';
import { loadCheckpoint } from './load-checkpoint.js';
import { lockRun } from './lock-run.js';
import { metricsFile } from './metrics-file.js';
import { saveCheckpoint } from './save-checkpoint.js';

let folder: string;
beforeAll(() => prepareBackend('cpu'));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opposable-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const variables = (value: number) => ({ value: tf.scalar(value) });
const record = (iteration: number): LogRecord => ({
  ...{ iteration, iterations: 9, total: 3, terms: { a: 1 }, learningRate: 0.1, weights: { mask: 2 } },
  ...{ samplesPerSecond: 5, waitingShare: 0, secondsLeft: 1 },
});

/** An error as a full disk gives it. */
const full = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));

describe('keepCheckpoints', () => {
  it('keeps the last few and the best', async () => {
    const kept = keepCheckpoints(folder, { last: 2 });
    for (const iteration of [10, 20, 30, 40]) {
      await kept.save(iteration, { variables: variables(iteration), state: { iteration } });
      if (iteration < 30) await kept.saveBest({ variables: variables(iteration), state: { iteration } });
    }
    expect((await readdir(folder)).sort()).toEqual(['best', 'step-00000030', 'step-00000040']);
    expect((await loadCheckpoint(join(folder, 'best'))).state).toEqual({ iteration: 20 });
    expect(await loadLastCheckpoint(folder)).toMatchObject({ iteration: 40, damaged: [], state: { iteration: 40 } });
    expect(await loadLastCheckpoint(folder, { before: 40 })).toMatchObject({ iteration: 30 });
    expect(await loadLastCheckpoint(folder, { before: 30 })).toBeUndefined();
  });

  it('passes over one that is damaged, and says so', async () => {
    const kept = keepCheckpoints(folder);
    for (const iteration of [1, 2]) await kept.save(iteration, { variables: variables(iteration) });
    await writeFile(join(folder, 'step-00000002', 'weights.safetensors'), 'half');
    const found = await loadLastCheckpoint(folder);
    expect(found).toMatchObject({ iteration: 1, damaged: [expect.stringContaining('is damaged')] });
    expect(await loadLastCheckpoint(join(folder, 'none'))).toBeUndefined();
  });

  it('stops at a full disk, and leaves all that was there', async () => {
    await keepCheckpoints(folder, { last: 1 }).save(1, { variables: variables(1), state: 1 });
    const broken = keepCheckpoints(folder, { last: 1, writeFile: full });
    await expect(broken.save(2, { variables: variables(2), state: 2 })).rejects.toThrow(
      `saveCheckpoint: cannot write ${join(folder, 'step-00000002')}, there is no space left on the disk.`,
    );
    expect(await readdir(folder)).toEqual(['step-00000001']);
    expect(await loadLastCheckpoint(folder)).toMatchObject({ iteration: 1, state: 1 });
  });

  it('writes none whose numbers are not finite', async () => {
    const kept = keepCheckpoints(folder);
    await expect(kept.save(7, { variables: variables(NaN) })).rejects.toThrow(
      'keepCheckpoints: expected finite variables, got NaN in "value" after iteration 7; no checkpoint is written.',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('clears up what a killed process has left', async () => {
    await saveCheckpoint(join(folder, 'step-00000001'), { variables: variables(1) });
    await rm(join(folder, 'step-00000001', 'weights.safetensors'));
    await writeFile(join(folder, 'step-00000009.writing-77'), '');
    await keepCheckpoints(folder, { last: 1 }).save(2, { variables: variables(2) });
    expect(await readdir(folder)).toEqual(['step-00000002']);
  });
});

describe('a full disk', () => {
  const isThere = access('/dev/full').then(
    () => true,
    () => false,
  );

  it('is named by the log files', async () => {
    if (!(await isThere)) return; // a device of Linux that is always full
    await expect((async () => metricsFile('/dev/full').log(record(1)))()).rejects.toThrow(
      'metricsFile: cannot write /dev/full, there is no space left on the disk.',
    );
  });
});

describe('lockRun', () => {
  it('keeps a second user out until it is released', async () => {
    const lock = await lockRun(folder);
    await expect(lockRun(folder)).rejects.toThrow(
      `${folder} is in use by process ${process.pid}; wait for it, or delete ${join(folder, 'in-use.json')} if it does not run any more.`,
    );
    await lock.release();
    await (await lockRun(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over from a process that is dead, and from one whose number has been used again', async () => {
    const child = spawn(process.execPath, ['-e', '0']);
    await new Promise((resolve) => child.once('exit', resolve));
    const path = join(folder, 'in-use.json');
    await writeFile(path, JSON.stringify({ pid: child.pid, host: hostname(), started: null }));
    await (await lockRun(folder)).release();
    await writeFile(path, JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }));
    await (await lockRun(folder)).release();
    await writeFile(path, '{');
    await (await lockRun(folder)).release();
  });

  it('leaves the folder to a process of another machine', async () => {
    await writeFile(join(folder, 'in-use.json'), JSON.stringify({ pid: 1, host: 'elsewhere', started: '1' }));
    await expect(lockRun(folder)).rejects.toThrow('is in use by process 1 on elsewhere;');
  });
});

describe('the logs of a run that goes on', () => {
  it('metrics.jsonl forgets what comes after the checkpoint, and a line that was cut off', async () => {
    const path = join(folder, 'metrics.jsonl');
    const first = metricsFile(path);
    for (const iteration of [10, 20, 30]) void first.log(record(iteration));
    void first.end!();
    await writeFile(path, `${await readFile(path, 'utf8')}{"iteration": 40, "tot`);
    const second = metricsFile(path, { resumedFrom: 20 });
    void second.log(record(30));
    void second.end!();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as LogRecord).iteration)).toEqual([10, 20, 30]);
  });

  it('forgetLater does so for any file of JSON lines, and takes none for empty', async () => {
    const path = join(folder, 'validation.jsonl');
    forgetLater(path, 20);
    expect(await readdir(folder)).toEqual([]);
    await writeFile(path, '{"iteration":20,"a":1}\n{"iteration":25}\n{"iter');
    forgetLater(path, 20);
    expect(await readFile(path, 'utf8')).toBe('{"iteration":20,"a":1}\n');
    expect(await readdir(folder)).toEqual(['validation.jsonl']);
  });

  it('event files begin with their version and, going on, with a restart after the step of the checkpoint', async () => {
    const eventsOf = (bytes: Uint8Array): Uint8Array[] => {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const found: Uint8Array[] = [];
      for (let at = 0; at < bytes.length;) {
        const size = view.getUint32(at, true);
        found.push(bytes.subarray(at + 12, at + 12 + size));
        at += size + 16;
      }
      return found;
    };
    for (const resumedFrom of [0, 20]) {
      const file = eventFile(folder, { resumedFrom, now: () => 1700000000000 + resumedFrom });
      void eventLogger(file).log(record(30));
      file.close();
    }
    const names = (await readdir(folder)).sort();
    expect(names).toHaveLength(2);
    expect(names[0]).toMatch(/^events\.out\.tfevents\.1700000000\./);
    const [fresh, resumed] = await Promise.all(names.map((name) => readFile(join(folder, name))));
    expect(eventsOf(fresh!)).toHaveLength(2);
    expect(eventsOf(resumed!)).toHaveLength(3);
    // TensorBoard forgets the step of a restart too, and what was written at the checkpoint's is not written again
    expect([...eventsOf(resumed!)[1]!]).toEqual([...restartEvent(1700000000.02, 21)]);
    expect(fresh!.includes('loss/total') && fresh!.includes('weight/mask')).toBe(true);
  });
});
