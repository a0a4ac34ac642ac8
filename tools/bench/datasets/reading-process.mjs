// A process of its own that reads the annotations of one dataset: a program has one or two readers, and the compiler makes less
// of functions that fourteen have called (that halved the figures of some readers).
import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readers } from '@opposable/hand-datasets/node';
import { milliseconds } from '../measure.mjs';
import { DATASETS } from './datasets.mjs';

const READER = 'OPPOSABLE_BENCH_READER';
const PATIENCE = { warmUp: 1, minimum: 3, seconds: 1 };

/** Records per second, µs of processor time per record, and times the reading that it is compared with. */
export function readInProcess(name) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [], { env: { ...process.env, [READER]: name } });
    let result;
    child.once('message', (message) => (result = message));
    child.once('exit', (code) => {
      if (result !== undefined && code === 0) resolve(result);
      else reject(new Error(`bench: the reader of ${name} ended with exit code ${code}.`));
    });
  });
}

async function readHere([name, options, write, roofline]) {
  const folder = await mkdtemp(join(tmpdir(), 'opposable-bench-'));
  try {
    write(folder);
    let records = 0;
    const read = async () => {
      records = 0;
      for await (const record of readers[name](folder, options).records())
        records += record.visibility.length > 0 ? 1 : 0;
    };
    const reading = await milliseconds(read, PATIENCE);
    const before = process.cpuUsage();
    await read();
    const { user, system } = process.cpuUsage(before);
    const bare = await milliseconds(roofline(folder), PATIENCE);
    if (records === 0) throw new Error(`the reader of ${name} gave nothing.`);
    return {
      perSecond: (records * 1000) / reading,
      processorTime: (user + system) / records,
      compared: reading / bare,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const reader = process.env[READER];
if (reader !== undefined) process.send(await readHere(DATASETS.find(([name]) => name === reader)));
