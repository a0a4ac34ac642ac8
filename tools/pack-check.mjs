// What each package would publish: builds, types, README and licence inside, no tests; publint finds nothing.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const packagesFolder = join(root, 'packages');
let problems = 0;

function report(name, message) {
  problems++;
  process.stderr.write(`${name}: ${message}\n`);
}

function isPublished(name) {
  const path = join(packagesFolder, name, 'package.json');
  return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).private !== true;
}

const names = readdirSync(packagesFolder).filter(isPublished);
const packed = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', ...names.flatMap((name) => ['-w', `packages/${name}`])], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  }),
);
const byName = new Map((Array.isArray(packed) ? packed : Object.values(packed)).map((entry) => [entry.name, entry]));

for (const name of names) {
  const entry = byName.get(`@opposable/${name}`);
  if (!entry) {
    report(name, 'npm pack gave nothing for it.');
    continue;
  }
  const files = entry.files.map(({ path }) => path);
  for (const needed of ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']) {
    if (!files.includes(needed)) report(name, `the package would lack ${needed}.`);
  }
  for (const file of files) {
    if (/\.test\.|\.tsbuildinfo$|fixtures\/|test-support\//.test(file))
      report(name, `the package would contain ${file}.`);
  }
  const { messages, pkg } = await publint({ pkgDir: join(packagesFolder, name), strict: true, pack: 'npm' });
  for (const message of messages) report(name, formatMessage(message, pkg) ?? message.code);
  process.stdout.write(`${name}: ${files.length} files, ${(entry.size / 1024).toFixed(0)} kB packed\n`);
}
process.exit(problems === 0 ? 0 : 1);
