import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { opposable } from '../heatmaps/run-opposable.mjs';

const CONFIGS = new URL('../../../apps/trainer/configs/', import.meta.url);

/** A shipped configuration with other folders and values, each a line that it has (`out: …`). */
function changedConfig(name, folders, lines) {
  let text = readFileSync(new URL(`${name}.yaml`, CONFIGS), 'utf8');
  for (const [from, to] of Object.entries(folders)) text = text.replaceAll(from, to);
  for (const [key, value] of Object.entries(lines)) {
    const line = new RegExp(`^( *)${key}: .*$`, 'm');
    if (!line.test(text)) text += `${key}: ${value}\n`;
    text = text.replace(line, `$1${key}: ${value}`);
  }
  return text;
}

/** Writes a stage's configuration; what an earlier one has trained is thrown away if that was another. */
function writeConfig(path, text, out) {
  if (existsSync(path) && readFileSync(path, 'utf8') !== text) rmSync(out, { recursive: true, force: true });
  writeFileSync(path, text);
}

/** The dataset and the pretrained network that the small comparisons start from; what is there already is taken. */
export async function smallStart(work, { train, test, size, pretrain }) {
  const data = join(work, 'data');
  const start = join(work, 'pretrain-small');
  await opposable(
    ['synthesize', '--preset', 'demo', '--out', data, '--train', train, '--test', test, '--size', size, '--seed', 1],
    { unless: join(data, 'dataset.json') },
  );
  const config = join(work, 'pretrain-small.yaml');
  const lines = { model: `{ encoder: small, inputSize: ${size} }`, iterations: pretrain, out: start };
  writeConfig(config, changedConfig('pretrain-small', { 'runs/synthetic': data }, lines), start);
  await stage('pretrain', config, start);
  return { data, start };
}

/** Trains by a configuration, goes on where it was interrupted, and does nothing where it has ended. */
async function stage(name, config, out) {
  await opposable([name, config, '--resume'], { unless: join(out, 'evaluation/scores.json') });
}

/** One further training from {@link smallStart}: a shipped configuration with other lines. */
export async function smallTraining(work, { data, start }, { config, name, lines }) {
  const out = join(work, name);
  const path = join(work, `${name}.yaml`);
  const folders = { 'runs/synthetic': data, 'runs/pretrain-small': start };
  writeConfig(path, changedConfig(config, folders, { ...lines, out }), out);
  await stage('train', path, out);
  return out;
}

/** `opposable evaluate RUN…`, and the values of its table by measure and run. */
export async function evaluateTogether(out, runs, data, options = []) {
  await opposable(['evaluate', ...runs, '--data', data, '--out', out, ...options]);
  const { runs: measured } = JSON.parse(readFileSync(join(out, 'scores.json'), 'utf8'));
  const text = readFileSync(join(out, 'scores.txt'), 'utf8').trimEnd();
  const value = (run, name, unit) =>
    measured.find((each) => each.name === run).measures.find((each) => each.name === name && each.unit === unit).value;
  return { text, value };
}

/** The timing of a stage, as its summary has it. */
export function timingOf(run, kind) {
  const path = join(run, `summary-${kind}.json`);
  if (!existsSync(path)) throw new Error(`${path}: the stage has not ended.`);
  return JSON.parse(readFileSync(path, 'utf8')).timing;
}

/** What the machine is, for the record. */
export const MACHINE = `${process.platform} ${process.arch}, Node ${process.versions.node}`;
