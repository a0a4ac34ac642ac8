import { join } from 'node:path';

/** Where the files of a stage are within the folder of a run. */
export const runPaths = (out: string, kind: 'pretrain' | 'train') => ({
  checkpoints: join(out, `checkpoints-${kind}`),
  metrics: join(out, `metrics-${kind}.jsonl`),
  validation: join(out, `validation-${kind}.jsonl`),
  summary: join(out, `summary-${kind}.json`),
  events: join(out, 'tensorboard', kind),
  pictures: join(out, `pictures-${kind}`),
  failure: join(out, `failure-${kind}`),
});
