import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The packages are ES modules: TypeScript's older resolution knows no `exports`, and `require` of one is the user's choice. */
const OTHERS = new Set(['node10', 'node16-cjs']);

/** Says for which entry of which tarball TypeScript would find other types than Node finds code. */
export async function checkResolution(folder, report) {
  const tarballs = join(folder, 'tarballs');
  for (const name of readdirSync(tarballs)) {
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(join(tarballs, name))));
    if (analysis.types === false) report(name, 'it has no types.');
    for (const problem of analysis.problems ?? []) {
      if (OTHERS.has(problem.resolutionKind)) continue;
      report(
        name,
        `${problem.kind} ${problem.entrypoint ?? problem.fileName ?? ''} (${problem.resolutionKind ?? 'all'})`,
      );
    }
  }
}
