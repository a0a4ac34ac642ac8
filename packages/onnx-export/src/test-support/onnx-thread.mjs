import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const { bytes, inputs } = workerData;
const session = await InferenceSession.create(bytes, { logSeverityLevel: 3, intraOpNumThreads: 1 });
const feeds = Object.fromEntries(
  Object.entries(inputs).map(([name, { data, shape }]) => [name, new Tensor('float32', data, [...shape])]),
);
const results = await session.run(feeds);
parentPort.postMessage(
  Object.fromEntries(Object.entries(results).map(([name, { data, dims }]) => [name, { data, shape: [...dims] }])),
);
