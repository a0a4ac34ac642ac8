// The kernels that @tensorflow/tfjs-node-gpu registers, for packages/hand-training/src/run/backends/fixtures. Its tarball is fetched
// and unpacked, not installed: nothing but the list of kernels is loaded of it, with a stand-in for TensorFlow.js.
//
//   node tools/kernel-lists/tfjs-node-gpu.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as core from '@tensorflow/tfjs-core';

const PACKAGE = '@tensorflow/tfjs-node-gpu';
const VERSION = '4.22.0';
const FIXTURE = new URL(
  '../../packages/hand-training/src/run/backends/fixtures/tfjs-node-gpu-kernels.json',
  import.meta.url,
);

const folder = mkdtempSync(join(tmpdir(), 'opposable-kernels-'));
try {
  const run = (command, words) => execFileSync(command, words, { cwd: folder, encoding: 'utf8' });
  const packed = run('npm', ['pack', '--silent', `${PACKAGE}@${VERSION}`])
    .trim()
    .split('\n')
    .at(-1);
  run('tar', ['xzf', packed]);

  const kernels = [];
  const standIn = { ...core, registerKernel: ({ kernelName }) => kernels.push(kernelName) };
  const load = Module._load;
  Module._load = (request, ...rest) =>
    request === '@tensorflow/tfjs' || request === '@tensorflow/tfjs-core' ? standIn : load(request, ...rest);
  // the messages of its TensorBoard writer, which no kernel needs
  const require = createRequire(join(folder, 'package/dist/'));
  require.cache[require.resolve('./proto/api_pb')] = { exports: {}, loaded: true };
  require('./register_all_kernels');
  Module._load = load;

  const list = { package: PACKAGE, version: VERSION, backend: 'tensorflow', kernels: [...new Set(kernels)].sort() };
  writeFileSync(FIXTURE, `${JSON.stringify(list, null, 2)}\n`);
  process.stdout.write(`${list.kernels.length} kernels: ${fileURLToPath(FIXTURE)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
