import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { patternOf, webGpuTests } from './webgpu-tests.mjs';

const root = new URL('..', import.meta.url).pathname;
const files = readdirSync(join(root, 'packages'))
  .flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true }).map((path) => `${name}/src/${path}`),
  )
  .filter((path) => path.endsWith('.test.ts') && !path.endsWith('.slow.test.ts'));

/** As jest chooses them. */
const chosenFor = (adapter) => {
  const { paths, without } = webGpuTests(adapter);
  const patterns = paths.map((path) => new RegExp(patternOf(path, without)));
  return files.filter((path) => patterns.some((pattern) => pattern.test(`/packages/${path}`)));
};
const card = chosenFor({ isSoftware: false });
const software = chosenFor({ isSoftware: true });

it('a graphics card gets every test of the kernels and of the layers, skinning and losses', () => {
  const packages = /^(webgpu-kernels|geometry|skinning|losses)\//;
  expect(card.filter((path) => packages.test(path))).toEqual(files.filter((path) => packages.test(path)));
  for (const path of ['skinning/src/topologies', 'mano-layer/src/layer/mano-layer-outputs', 'training/src/fit/fit'])
    expect(card).toContain(`${path}.test.ts`);
});

it('a driver on the CPU gets a part of them', () => {
  expect(software.length).toBeGreaterThan(10);
  expect(software.length).toBeLessThan(card.length);
  expect(card).toEqual(expect.arrayContaining(software));
  expect(software).not.toContain('skinning/src/topologies.test.ts');
});

it('no test of what webgpu has not is chosen', () => {
  for (const path of ['mano-layer/src/layer/mano-layer-options', 'training/src/node/data-parallel']) {
    expect(files).toContain(`${path}.test.ts`);
    expect(card).not.toContain(`${path}.test.ts`);
  }
});

it('long tests are for a graphics card', () => {
  expect(webGpuTests({ isSoftware: true }).skipped).toContain('over 50 iterations');
  expect(webGpuTests({ isSoftware: false }).skipped).not.toContain('over 50 iterations');
});
