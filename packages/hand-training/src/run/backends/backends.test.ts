import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend } from '../choose-backend.js';
import { type BackendName, BACKENDS } from './backend-names.js';
import type { ImportPackage } from './types.js';

/** As Node says it of a package that is not there. */
const notInstalled: ImportPackage = (name) =>
  Promise.reject(
    Object.assign(new Error(`Cannot find package '${name}' imported from x`), { code: 'ERR_MODULE_NOT_FOUND' }),
  );

const removeTensorflow = (): void => {
  if (tf.findBackendFactory('tensorflow') !== null) tf.removeBackend('tensorflow');
};

/** A package that registers TensorFlow's backend when it is imported; it computes as cpu does. */
function tensorflow(isUsingGpuDevice: boolean): ImportPackage {
  return async (name) => {
    if (!name.startsWith('@tensorflow/tfjs-node')) return notInstalled(name);
    const cpu = tf.engine().registryFactory['cpu']!.factory as () => object;
    removeTensorflow();
    tf.registerBackend('tensorflow', () => Object.assign(cpu(), { isUsingGpuDevice }) as never);
    return {};
  };
}

const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
const setGpu = (gpu: object | undefined): void =>
  void Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
afterEach(async () => {
  if (navigator === undefined) Reflect.deleteProperty(globalThis, 'navigator');
  else Object.defineProperty(globalThis, 'navigator', navigator);
  await tf.setBackend('cpu');
  removeTensorflow();
});

const refused = (name: BackendName, importPackage: ImportPackage) =>
  chooseBackend(name, { importPackage }).then(
    (sentence) => sentence,
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('chooseBackend', () => {
  it('takes what is asked for and nothing else', async () => {
    expect(BACKENDS).toEqual(['auto', 'wasm', 'cpu', 'webgpu', 'node', 'node-gpu']);
    expect(await chooseBackend('cpu')).toBe('Backend: cpu, as asked for.');
    expect(tf.getBackend()).toBe('cpu');
    expect(await chooseBackend('node', { importPackage: tensorflow(false) })).toBe('Backend: node, as asked for.');
    expect(tf.getBackend()).toBe('tensorflow');
  });

  it('says what is missing and how to install it', async () => {
    expect(await refused('node', notInstalled)).toBe(
      'ConfigError: chooseBackend: backend "node" needs the package @tensorflow/tfjs-node, which is not installed; install it with "npm install @tensorflow/tfjs-node@4.22.0" (its installation downloads TensorFlow\'s library).',
    );
    expect(await refused('node-gpu', notInstalled)).toContain(
      'npm install @tensorflow/tfjs-node-gpu@4.22.0" (its installation downloads TensorFlow\'s library, and it needs CUDA 11.2 and cuDNN 8.1).',
    );
    // the package is there, something within it is not
    const halfInstalled: ImportPackage = () =>
      Promise.reject(Object.assign(new Error("Cannot find module './tfjs_binding.node'\nRequire stack:"), { code: 'MODULE_NOT_FOUND' })); // prettier-ignore
    expect(await refused('node', halfInstalled)).toContain(
      'backend "node" does not start, because @tensorflow/tfjs-node cannot be loaded: Cannot find module \'./tfjs_binding.node\' (',
    );
    expect(await refused('node-gpu', tensorflow(false))).toContain('finds no GPU that it can use');
    expect(await refused('node-gpu', tensorflow(true))).toBe('Backend: node-gpu, as asked for.');
  });

  it('takes WebGPU from the package webgpu where Node has none, and says what is missing', async () => {
    setGpu(undefined);
    expect(await refused('webgpu', notInstalled)).toContain(
      'needs the package webgpu, which is not installed; install it with "npm install webgpu@0.6.2" (',
    );
    const gpu = { requestAdapter: () => Promise.resolve(null) };
    const dawn: ImportPackage = (name) =>
      name === 'webgpu' ? Promise.resolve({ create: () => gpu, globals: {} }) : notInstalled(name);
    expect(await refused('webgpu', dawn)).toContain('needs a graphics adapter, and there is none that WebGPU reaches');
    expect((globalThis as { navigator?: { gpu?: object } }).navigator?.gpu).toBe(gpu);
  });

  it('computes on the CPU through WebGPU only when it is asked to', async () => {
    setGpu({ requestAdapter: () => Promise.resolve({ info: { isFallbackAdapter: true, vendor: 'google' } }) });
    expect(await refused('webgpu', notInstalled)).toContain('npm install @tensorflow/tfjs-backend-webgpu@4.22.0');
    expect(await refused('auto', notInstalled)).toMatch(/^Backend: wasm/);
    const loaded: string[] = [];
    const counting: ImportPackage = (name) => (loaded.push(name), notInstalled(name));
    setGpu({ requestAdapter: () => Promise.resolve({ info: { vendor: 'nvidia', architecture: 'hopper' } }) });
    expect(await refused('auto', counting)).toMatch(/^Backend: wasm/);
    expect(loaded).toContain('@tensorflow/tfjs-backend-webgpu');
  });

  it('takes by itself the first that starts, and says why', async () => {
    expect(await chooseBackend('auto', { importPackage: notInstalled })).toMatch(
      /^Backend: wasm.*, the fastest that needs no installation\.$/,
    );
    expect(await chooseBackend('auto', { importPackage: tensorflow(true) })).toBe(
      'Backend: node-gpu, because @tensorflow/tfjs-node-gpu is installed and has a GPU.',
    );
    const withoutGpu: ImportPackage = (name) => (name.endsWith('-gpu') ? notInstalled(name) : tensorflow(false)(name));
    expect(await chooseBackend('auto', { importPackage: withoutGpu })).toBe(
      'Backend: node, because @tensorflow/tfjs-node is installed.',
    );
  });
});
