import { chooseBackend, fitReader } from '@opposable/hand-training';
import type { Flags } from '../commands/fit.js';

/** What `opposable fit ROOT --reader ge-realworld --out DIR` does. */
export async function fitAction(
  root: string,
  { backend, readerOption, ...flags }: Flags,
  signal: AbortSignal,
): Promise<void> {
  process.stdout.write(`${await chooseBackend(backend)}\n`);
  await fitReader(root, {
    ...flags,
    readerOptions: readerOption,
    signal,
    progress: process.stderr,
    print: (line) => process.stdout.write(`${line}\n`),
  });
}
