// Long runs whose outcome is recorded in docs/results. One script a result in this folder; a file put there is a result.
//
//   npm run results                           lists them
//   npm run results -- large-dataset          makes one; further arguments go to its script
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const names = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.mjs') && name !== 'run.mjs')
  .map((name) => name.slice(0, -'.mjs'.length))
  .sort();

const [name, ...rest] = process.argv.slice(2);
if (name === undefined) {
  process.stdout.write(`Results: ${names.join(', ')}\n`);
} else if (!names.includes(name)) {
  process.stderr.write(`results: expected one of ${names.join(', ')}, got ${name}.\n`);
  process.exitCode = 2;
} else {
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [script, ...rest], { stdio: 'inherit' });
  child.once('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 1;
  });
}
