import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

function manifestOf(name) {
  return JSON.parse(readFileSync(join(ROOT, 'packages', name, 'package.json'), 'utf8'));
}

/** Versions of what the examples need beside the packages: those that this repository is tested with. */
function peers(manifests) {
  const tested = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).devDependencies;
  const names = new Set(manifests.flatMap(({ peerDependencies = {} }) => Object.keys(peerDependencies)));
  const chosen = [
    ...names,
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-wasm',
    'typescript',
    '@types/node',
  ];
  return Object.fromEntries(chosen.filter((name) => tested[name] !== undefined).map((name) => [name, tested[name]]));
}

/** Installs all published packages as tarballs into a project in `folder`. @returns their names without scope */
export function installTarballs(folder) {
  const names = readdirSync(join(ROOT, 'packages')).filter((name) => manifestOf(name).private !== true);
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  const words = [
    'pack',
    '--json',
    '--pack-destination',
    tarballs,
    ...names.flatMap((name) => ['-w', `packages/${name}`]),
  ];
  const how = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 };
  const packed = JSON.parse(execFileSync('npm', words, { ...how, cwd: ROOT }));
  const entries = Array.isArray(packed) ? packed : Object.values(packed);
  const dependencies = Object.fromEntries(
    entries.map(({ name, filename }) => [name, `file:tarballs/${filename.replace('@', '').replace('/', '-')}`]),
  );
  const manifests = names.map(manifestOf);
  const all = { ...dependencies, ...peers(manifests), vite: '8.4.0' };
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'fresh-project', private: true, type: 'module', dependencies: all }, null, 2)}\n`,
  );
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { ...how, cwd: folder });
  return names;
}
