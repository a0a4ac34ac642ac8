import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RESOLUTIONS = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

/** Compiles the examples, as they stand in the READMEs, with strict TypeScript; JavaScript ones are checked as far as they say. */
export function checkTypes(folder, examples, report) {
  mkdirSync(join(folder, 'examples'));
  for (const { name, language, code } of examples)
    writeFileSync(join(folder, 'examples', `${name}.${language}`), `${code}export {};\n`);
  for (const [resolution, how] of Object.entries(RESOLUTIONS)) {
    const compilerOptions = {
      ...{
        target: 'es2022',
        lib: ['es2023', 'dom'],
        types: ['node'],
        strict: true,
        allowJs: true,
        rootDir: 'examples',
        outDir: 'compiled',
      },
      ...how,
      // not ours: declarations of dependencies
      skipLibCheck: true,
    };
    const config = `tsconfig.${resolution}.json`;
    writeFileSync(join(folder, config), JSON.stringify({ compilerOptions, include: ['examples'] }));
    const { stdout, status } = spawnSync('npx', ['tsc', '--project', config], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) report(`TypeScript, ${resolution}`, stdout.trim());
  }
}
