// Speeds of the built packages, each beside a reference that is measured in the same run: machines differ and are noisy,
// ratios less so. One file a subject in ./subjects; a file put there is a subject.
//
//   npm run bench                                         everything, about six minutes
//   npm run bench -- skinning drawing                     some subjects
//   npm run bench -- --out docs/benchmarks/latest.md      also as Markdown
import { fork } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SUBJECTS = readdirSync(new URL('./subjects/', import.meta.url))
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.slice(0, -'.mjs'.length))
  .sort();

/** In the child: one subject has the process to itself, so that no kernel or compiled code of another is in its way. */
async function measureHere(subject) {
  const { title, measure } = await import(`./subjects/${subject}.mjs`);
  process.send({ title, rows: await measure() });
}

function measureInChild(subject) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [], {
      env: { ...process.env, OPPOSABLE_BENCH_SUBJECT: subject },
    });
    let result;
    child.once('message', (message) => (result = message));
    child.once('exit', (code) => {
      if (result !== undefined && code === 0) resolve(result);
      else reject(new Error(`bench: ${subject} ended with exit code ${code}.`));
    });
  });
}

function parseArguments() {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
  const unknown = positionals.find((name) => !SUBJECTS.includes(name));
  if (unknown !== undefined) throw new Error(`bench: expected subjects among ${SUBJECTS.join(', ')}, got ${unknown}.`);
  return { out: values.out, subjects: positionals.length === 0 ? SUBJECTS : positionals };
}

function machine() {
  const load = loadavg()[0].toFixed(1);
  return [
    ['date', new Date().toISOString().slice(0, 10)],
    ['processor', cpus()[0]?.model ?? 'unknown'],
    ['cores', String(availableParallelism())],
    ['Node.js', process.version],
    ['load before the run', load],
  ];
}

function textTable({ title, rows }) {
  const width = (key) => Math.max(...rows.map((row) => row[key].length));
  const [what, measured] = [width('what'), width('measured')];
  const lines = rows.map((row) => `  ${row.what.padEnd(what)}  ${row.measured.padStart(measured)}  ${row.compared}`);
  return `\n${title}\n${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Cells padded to the widest, as Prettier has them. */
function markdownTable(header, rows) {
  const widths = header.map((text, i) => Math.max(3, text.length, ...rows.map((cells) => cells[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function markdown(facts, results, seconds) {
  const parts = [
    '# Benchmarks',
    `Written by \`npm run bench -- --out …\` in ${seconds} s. Medians; every subject in a process of its own. T is the time of one\n1024³ \`tf.matMul\` of the shipped wasm backend in that process; compare ratios between machines, not milliseconds.`,
    markdownTable(['machine', ''], facts),
    ...results.flatMap(({ title, rows }) => [
      `## ${title}`,
      markdownTable(
        ['what', 'measured', 'compared'],
        rows.map(({ what, measured, compared }) => [what, measured, compared]),
      ),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

async function main() {
  const { out, subjects } = parseArguments();
  const facts = machine();
  process.stdout.write(`${facts.map(([name, value]) => `${name}: ${value}`).join('\n')}\n`);
  const start = performance.now();
  const results = [];
  for (const subject of subjects) {
    const result = await measureInChild(subject);
    if (result.rows.length > 0) results.push(result);
    process.stdout.write(result.rows.length > 0 ? textTable(result) : `\n${result.title}\n`);
  }
  const seconds = Math.round((performance.now() - start) / 1000);
  process.stdout.write(`\n${seconds} s\n`);
  if (out === undefined) return;
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, markdown(facts, results, seconds));
  process.stdout.write(`Written: ${out}\n`);
}

const subject = process.env.OPPOSABLE_BENCH_SUBJECT;
try {
  await (subject === undefined ? main() : measureHere(subject));
} catch (error) {
  process.stderr.write(`${subject === undefined ? error.message : error.stack}\n`);
  process.exitCode = subject === undefined ? 2 : 1;
}
