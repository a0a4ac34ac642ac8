import { hasGpuDevice } from './has-gpu-device.js';

const folders =
  (entries: Record<string, string[]>) =>
  (folder: string): string[] => {
    if (entries[folder] === undefined) throw new Error('ENOENT');
    return entries[folder];
  };

it('hasGpuDevice looks for the device files of drivers on Linux, and trusts other systems', () => {
  expect(hasGpuDevice('linux', folders({ '/dev': ['null', 'tty', 'nvidiactl', 'nvidia-uvm'] }))).toBe(false);
  expect(hasGpuDevice('linux', folders({ '/dev': ['null'], '/dev/dri': ['card0'] }))).toBe(false);
  expect(hasGpuDevice('linux', folders({ '/dev': ['null', 'nvidia0'] }))).toBe(true);
  expect(hasGpuDevice('linux', folders({ '/dev': ['dri'], '/dev/dri': ['by-path', 'card0', 'renderD128'] }))).toBe(
    true,
  );
  expect(hasGpuDevice('linux', folders({ '/dev': ['dxg'] }))).toBe(true);
  expect(hasGpuDevice('darwin', folders({}))).toBe(true);
});
