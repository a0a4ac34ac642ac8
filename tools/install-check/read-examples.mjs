import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './install-tarballs.mjs';

/** What an example needs that a fresh project lacks; without it, it is checked for types alone. */
const NEEDS = { 'hand-datasets': 'a downloaded dataset', 'webgpu-kernels': 'a graphics card' };

/**
 * The first example of every README.
 *
 * @returns name of the package, code, whether it touches the file system, and whether it can be run as it stands
 */
export function readExamples(names, report) {
  return names.flatMap((name) => {
    const readme = readFileSync(join(ROOT, 'packages', name, 'README.md'), 'utf8');
    const match = /^```(ts|js)\n([\s\S]*?)^```/m.exec(readme);
    if (match === null) {
      report(name, 'its README has no example.');
      return [];
    }
    const [, language, code] = match;
    const inNodeOnly = /from '(node:[^']+|[^']+\/node|@opposable\/hand-training)'|\bprocess\./.test(code);
    return [{ name, language, code, inNodeOnly, runs: NEEDS[name] === undefined }];
  });
}
