// Packs every package, installs the tarballs into a fresh project outside of this repository, and there
//
//   0. asks Are The Types Wrong whether TypeScript and Node find the same files,
//   1. checks the first example of every README with strict TypeScript, as `nodenext` and as `bundler`,
//   2. runs it in Node as an ES module,
//   3. bundles those that need no file system with Vite into one page and into one module worker, and runs both in Chromium.
//
//   npm run install-check             all of it, some minutes
//   npm run install-check -- --keep   leaves the project where it is and says where
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkResolution } from './install-check/check-resolution.mjs';
import { checkTypes } from './install-check/check-types.mjs';
import { installTarballs } from './install-check/install-tarballs.mjs';
import { readExamples } from './install-check/read-examples.mjs';
import { runInBrowser } from './install-check/run-in-browser.mjs';
import { runInNode } from './install-check/run-in-node.mjs';

const folder = mkdtempSync(join(tmpdir(), 'opposable-install-'));
const problems = [];
const report = (where, message) => {
  problems.push(`${where}: ${message}`);
  process.stderr.write(`${where}: ${message}\n`);
};
const step = (name) => process.stdout.write(`${name}\n`);
try {
  step('packing and installing');
  const names = installTarballs(folder);
  step('types where Node finds code');
  await checkResolution(folder, report);
  const examples = readExamples(names, report);
  step(`${examples.length} examples with strict TypeScript`);
  checkTypes(folder, examples, report);
  step('running them in Node');
  await runInNode(folder, examples, report);
  step('running them in Chromium, on a page and in a module worker');
  await runInBrowser(folder, examples, report);
} finally {
  if (process.argv.includes('--keep')) process.stdout.write(`${folder}\n`);
  else rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(problems.length === 0 ? 'all run\n' : `${problems.length} problems\n`);
process.exit(problems.length === 0 ? 0 : 1);
