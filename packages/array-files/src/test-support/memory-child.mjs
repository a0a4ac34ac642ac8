// Reads hostile files one after the other in a process of little heap, and says of each what it kept and took.
//
//   node --expose-gc --max-old-space-size=… memory-child.mjs INDEX.js < LIST.json
//
// LIST: [{ path, reader, options }]; one line of JSON for each file. V8 ends the process where its heap is too small.
import { readFileSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const readers = await import(pathToFileURL(process.argv[2]).href);
const files = JSON.parse(readFileSync(0, 'utf8'));

const memory = () => {
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** The kernel's own count in bytes; undefined where it has none. */
const status = (name) => {
  try {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
};

/** Sets the high-water mark back, where that is possible. */
const resetPeak = () => {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return status('VmRSS');
  } catch {
    return undefined;
  }
};

/** A function of its own, so that nothing of one file is held while the next is read. */
async function measure({ path, reader, options }) {
  const bytes = new Uint8Array(readFileSync(path));
  const before = memory();
  const resident = resetPeak();
  const start = process.cpuUsage();
  let outcome;
  try {
    outcome = await readers[reader](bytes, options);
  } catch (error) {
    outcome = error;
  }
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  const peak = resident === undefined ? undefined : status('VmHWM') - resident;
  const kept = memory() - before;
  const error = outcome instanceof Error ? { name: outcome.name, message: outcome.message } : undefined;
  return { kept, peak, milliseconds, error };
}

for (const file of files) {
  process.stdout.write(`${JSON.stringify(await measure(file))}\n`);
  await setImmediate();
}
