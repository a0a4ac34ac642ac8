import { parentPort, workerData } from 'node:worker_threads';
import { joinAllReduce, meanGradients, restoreVariables } from '@opposable/training';
import { chooseBackend } from '../run/choose-backend.js';
import { allVariables, createRun } from '../run/hand-run.js';
import { REPLICA_READY, type ReplicaTask } from './run-replicas.js';
import { runStage } from './stage.js';

const { arrays, info, weights, stage, memory, rank } = workerData as ReplicaTask;
const member = joinAllReduce(memory, rank);
try {
  await chooseBackend('wasm');
  const run = createRun(info.network, 0);
  restoreVariables(allVariables(run.model), weights);
  parentPort?.postMessage(REPLICA_READY);
  await runStage(run, arrays, stage, {
    replica: { rank, members: memory.members, reduceGradients: meanGradients(member) },
  });
  run.dispose();
} catch (error) {
  // the first replica stopping early (an abort, an error of its own) is its to report
  if (!member.someoneLeft()) throw error;
} finally {
  member.leave();
}
