// What each package would publish: builds, types, README, licence and notice inside, no tests, with provenance and a heading in the
// changelog; publint finds nothing.
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

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const manifestOf = (name) => readJson(join(packagesFolder, name, 'package.json'));

function isPublished(name) {
  return existsSync(join(packagesFolder, name, 'package.json')) && manifestOf(name).private !== true;
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

const headings = readJson(join(root, 'nx.json')).release.conventionalCommits.types;

for (const name of names) {
  const { access, provenance } = manifestOf(name).publishConfig ?? {};
  if (access !== 'public' || provenance !== true)
    report(name, 'expected publishConfig with access "public" and provenance true in its package.json.');
  if (headings[name] === undefined)
    report(
      name,
      'expected it among release.conventionalCommits.types of nx.json: its commits would be missing in the changelog.',
    );
  const entry = byName.get(`@opposable/${name}`);
  if (!entry) {
    report(name, 'npm pack gave nothing for it.');
    continue;
  }
  const files = entry.files.map(({ path }) => path);
  const notices = ['NOTICE'].filter((file) => existsSync(join(packagesFolder, name, file)));
  for (const needed of ['README.md', 'LICENSE', ...notices, 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']) {
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
