import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { trainShortly } from './train-in-browser.js';

/** Found by the test: trains on the main thread of the page, or in a module worker. */
interface TestWindow {
  trainOnPage?: () => Promise<unknown>;
  trainInWorker?: () => Promise<unknown>;
}

setWasmPaths('/wasm/');
const test = window as TestWindow;
test.trainOnPage = trainShortly;
test.trainInWorker = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });
