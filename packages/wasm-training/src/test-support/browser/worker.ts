import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { trainShortly } from './train-in-browser.js';

setWasmPaths(`${self.location.origin}/wasm/`);
const scope = self as unknown as { postMessage(message: unknown): void };
scope.postMessage(await trainShortly());
