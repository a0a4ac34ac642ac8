import { provideWebGpu } from './provide-webgpu.js';

const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
afterEach(() => {
  if (before === undefined) Reflect.deleteProperty(globalThis, 'navigator');
  else Object.defineProperty(globalThis, 'navigator', before);
  Reflect.deleteProperty(globalThis, 'GPUMadeUp');
});
const setNavigator = (value: object) => Object.defineProperty(globalThis, 'navigator', { value, configurable: true });
const navigatorNow = () => (globalThis as unknown as { navigator: Record<string, unknown> }).navigator;

const gpu = {};
const created: string[][] = [];
const webgpu = {
  create: (options: string[]) => {
    created.push(options);
    return gpu;
  },
  globals: { GPUMadeUp: 1 },
};

describe('provideWebGpu', () => {
  it('adds navigator.gpu and the globals, and keeps what a navigator says already', () => {
    class Navigator {
      #cores = 7; // as Node keeps it
      get hardwareConcurrency() {
        return this.#cores;
      }
    }
    setNavigator(new Navigator());
    expect(provideWebGpu(webgpu, ['adapter=any'])).toBe(true);
    expect(created).toEqual([['adapter=any']]);
    expect(navigatorNow()['gpu']).toBe(gpu);
    expect(navigatorNow()['hardwareConcurrency']).toBe(7);
    expect((globalThis as unknown as { GPUMadeUp: number }).GPUMadeUp).toBe(1);
    expect(provideWebGpu(webgpu)).toBe(false);
    expect(created).toHaveLength(1);
  });

  it('leaves an engine alone that has WebGPU', () => {
    const own = {};
    setNavigator({ gpu: own });
    expect(provideWebGpu(webgpu)).toBe(false);
    expect(navigatorNow()['gpu']).toBe(own);
    expect('GPUMadeUp' in globalThis).toBe(false);
  });

  it('makes a navigator where Node has none', () => {
    Reflect.deleteProperty(globalThis, 'navigator');
    expect(provideWebGpu(webgpu)).toBe(true);
    expect(navigatorNow()['gpu']).toBe(gpu);
  });
});
