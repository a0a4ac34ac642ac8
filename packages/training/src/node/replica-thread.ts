import { parentPort, workerData } from 'node:worker_threads';
import { ConfigError } from '@opposable/tensor-checks';
import { toPlainError } from './plain-error.js';
import { createReplica, type TrainReplica } from './replica.js';
import type { FromReplica, ReplicaStart } from './replica-messages.js';

const start = workerData as ReplicaStart;
const port = parentPort!;
const tell = (message: FromReplica): void => port.postMessage(message);
try {
  const replica = createReplica(start, port);
  const { train } = (await import(start.script)) as { train?: TrainReplica };
  if (typeof train !== 'function') {
    throw new ConfigError(`dataParallel: expected ${start.script} to export a function "train", got ${typeof train}.`, {
      expected: 'function',
      actual: typeof train,
    });
  }
  const value = await train(replica);
  tell({ kind: 'done', value: start.rank === 0 ? value : undefined });
} catch (error) {
  tell({ kind: 'failed', error: toPlainError(error) });
} finally {
  port.close();
}
