import {
  checkReplicas,
  chooseBackend,
  DEMO_SETTINGS,
  demoRatios,
  demoText,
  runDemo,
  SHORT_DEMO_SETTINGS,
  writeDemoReport,
} from '@opposable/hand-training';
import { OpposableError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/demo.js';

/** The short form ran, but its network is no better than the mean hand. */
class NothingLearned extends OpposableError {}

/** What `opposable demo` does. */
export async function demoAction({ out, short, seed, replicas, backend }: Flags, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  const base = short === true ? SHORT_DEMO_SETTINGS : DEMO_SETTINGS;
  const settings = seed === undefined ? base : { ...base, seed };
  process.stdout.write(`${await chooseBackend(backend)}\n`);
  for (const { batchSize } of [settings.pretrain, settings.train]) {
    checkReplicas(replicas, Math.min(batchSize, settings.trainCount));
  }
  const result = await runDemo({ out, settings, stream: process.stdout, signal, replicas });
  try {
    const report = await writeDemoReport(out, result, settings);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    process.stdout.write(`\n${demoText(result)}\n\nReport: ${report}, after ${seconds} s.\n`);
    const ratios = demoRatios(result);
    if (!(ratios.pixels > 1)) {
      throw new NothingLearned(
        `demo: expected the trained network to beat the mean hand, got ${ratios.pixels.toFixed(2)} times its 2D error.`,
        { expected: '> 1', actual: ratios.pixels },
      );
    }
  } finally {
    result.run.dispose();
  }
}
