// Makes packages/<name> from tools/package-template:  npm run new-package -- <name> "<description>"
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync, copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [name, description] = process.argv.slice(2);

function fail(message) {
  process.stderr.write(`new-package: ${message}\n`);
  process.exit(2);
}

if (!name || !description) fail('expected a name and a description: npm run new-package -- my-package "What it does."');
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) fail(`the name must be kebab-case, got "${name}".`);
const target = join(root, 'packages', name);
if (existsSync(target)) fail(`packages/${name} exists already; choose another name.`);

mkdirSync(target, { recursive: true });
cpSync(join(root, 'tools/package-template'), target, { recursive: true });
copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'));

function fillIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) fillIn(path);
    else if (entry.name !== 'LICENSE') {
      const text = readFileSync(path, 'utf8').replaceAll('__NAME__', name).replaceAll('__DESCRIPTION__', description);
      writeFileSync(path, text);
    }
  }
}
fillIn(target);

// tsconfig.all.json is the solution of everything, tsconfig.lib.json that of what is built and run (no tests).
for (const [file, suffix] of [
  ['tsconfig.all.json', ''],
  ['tsconfig.lib.json', '/tsconfig.lib.json'],
]) {
  const solution = JSON.parse(readFileSync(join(root, file), 'utf8'));
  solution.references.push({ path: `./packages/${name}${suffix}` });
  solution.references.sort((a, b) => a.path.localeCompare(b.path));
  writeFileSync(join(root, file), `${JSON.stringify(solution, null, 2)}\n`);
}

process.stdout.write(
  `packages/${name} made. Next: declare what it imports in its package.json, run "npm install" and "npx nx sync", ` +
    `and add its row to the constraints in eslint.config.mjs and its name to release.conventionalCommits.types in nx.json.\n`,
);
