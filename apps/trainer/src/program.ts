import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { colorMeshesCommand } from './commands/color-meshes.js';
import { convertCommand } from './commands/convert.js';
import { demoCommand } from './commands/demo.js';
import { evaluateCommand } from './commands/evaluate.js';
import { exportCommand } from './commands/export.js';
import { fitCommand } from './commands/fit.js';
import { heatmapsCommand } from './commands/heatmaps.js';
import { inspectCommand } from './commands/inspect.js';
import { inspectOrderCommand } from './commands/inspect-order.js';
import { masksCommand } from './commands/masks.js';
import { mm2pxCommand } from './commands/mm2px.js';
import { predictCommand } from './commands/predict.js';
import { prepareCommand } from './commands/prepare.js';
import { pretrainCommand } from './commands/pretrain.js';
import { renderCommand } from './commands/render.js';
import { statsCommand } from './commands/stats.js';
import { synthesizeCommand } from './commands/synthesize.js';
import { trainCommand } from './commands/train.js';
import { validateCommand } from './commands/validate.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The command line: one file a command in `commands`, which imports the one in `actions` when it runs. */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command('opposable')
    .description('3D hand mesh recovery on TensorFlow.js: synthesise, train, evaluate and predict, on a CPU.')
    .version(version, '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError('Run with --help to see what is accepted.');
  const commands = [
    demoCommand,
    synthesizeCommand,
    colorMeshesCommand,
    pretrainCommand,
    trainCommand,
    evaluateCommand,
    predictCommand,
    heatmapsCommand,
    fitCommand,
    exportCommand,
    renderCommand,
    inspectCommand,
    inspectOrderCommand,
    mm2pxCommand,
    convertCommand,
    prepareCommand,
    masksCommand,
    validateCommand,
    statsCommand,
  ];
  for (const make of commands)
    program.addCommand(make(signal).exitOverride().showHelpAfterError('Run with --help to see what is accepted.'));
  return program;
}
