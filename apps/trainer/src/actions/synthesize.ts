import { dirname, resolve } from 'node:path';
import { readBackgrounds, readColorings, synthesizeDataset } from '@opposable/hand-synthesis/node';
import { loadOpenHand } from '@opposable/open-hand';
import { ConfigError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/synthesize.js';
import { loadConfig } from '../config/load-config.js';
import { synthesizeSchema } from '../config/synthesis-schema.js';
import { workProgress } from '../work-progress.js';

/** Samples of which one is held back, unless --train and --test say otherwise. */
const TENTH = 10;

/** What `opposable synthesize --out DIR` does. */
export async function synthesizeAction(flags: Flags, signal: AbortSignal): Promise<void> {
  const { config, count, backgrounds: folder, colorings: meshes, ...given } = flags;
  const file = config === undefined ? synthesizeSchema.parse({}) : await loadConfig(config, synthesizeSchema);
  const { backgrounds: own, colorings: ownMeshes, ...ranges } = file;
  const out = given.out ?? file.out;
  if (out === undefined) {
    throw new ConfigError('synthesize: expected --out DIR, or out in the configuration, got neither.', {});
  }
  const fromFile = (path: string | undefined) => path && resolve(dirname(config!), path);
  const photos = folder ?? fromFile(own);
  const colored = meshes ?? fromFile(ownMeshes);
  const { vertexCount } = loadOpenHand('right');
  const test = given.test ?? file.test ?? Math.floor(count / TENTH);
  const train = given.train ?? file.train ?? count - Math.floor(count / TENTH);
  const progress = workProgress(process.stdout, 'synthesising', 'hands');
  const info = await synthesizeDataset({
    ...ranges,
    ...given,
    ...{ out, train, test, seed: given.seed ?? file.seed ?? 1 },
    ...(photos !== undefined && { backgrounds: await readBackgrounds(photos, { signal }) }),
    ...(colored !== undefined && { colorings: await readColorings(colored, vertexCount) }),
    command: config === undefined ? 'opposable synthesize' : `opposable synthesize --config ${config}`,
    signal,
    onProgress: (work) => progress.update(work),
  }).finally(() => progress.end());
  process.stdout.write(
    info ? `${train} training and ${test} test images: ${out}\n` : 'shard finished; join all with --merge\n',
  );
}
