import { extname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { isNetworkFile, NETWORK_FILES } from '@opposable/hand-training/choices';
import type { Side } from '@opposable/mano-layer/conventions';
import type { HandFileFormat } from '@opposable/mano-layer/files';
import { numbers } from '../options.js';

export const OPEN_HAND = 'open-hand';
export const FORMATS: Readonly<Record<string, HandFileFormat>> = { '.glb': 'glb', '.obj': 'obj', '.ply': 'ply' };

export interface Flags {
  side?: Side;
  leftShapeFix?: 'auto' | 'on' | 'off';
  betas?: number[];
  pose?: number[];
  axisAngle?: boolean;
  flatHandMean?: boolean;
  orient?: number[];
  transl?: number[];
  frame: 'y-up' | 'image';
  ascii?: boolean;
  withMesh?: boolean;
  keepBatchNorm?: boolean;
  hand?: string;
}

function outFile(text: string): string {
  if (isNetworkFile(text) || Object.hasOwn(FORMATS, extname(text).toLowerCase())) return text;
  const accepted = [...Object.keys(FORMATS), ...NETWORK_FILES].join(', ');
  throw new InvalidArgumentError(`Expected a file name that ends in ${accepted}.`);
}

/** opposable export MODEL OUT.glb|.obj|.ply, opposable export RUN OUT.onnx|.safetensors|model.json */
export function exportCommand(): Command {
  return new Command('export')
    .description(
      'Write a hand model, shaped and posed, as GLB with its skeleton, as OBJ or as PLY; or the network of a run as ONNX, as safetensors with PyTorch’s names, or as a LayersModel.',
    )
    .argument('<model>', `a file with MANO's fields, ${OPEN_HAND}, or for a network the folder of a run`)
    .argument('<out>', 'file to write: .glb, .obj, .ply; of a network .onnx, .safetensors, DIR/model.json', outFile)
    .option('--betas <numbers>', 'shape coefficients, separated by commas; those left out are 0', numbers())
    .option('--pose <numbers>', '1 to 45 pose coefficients, added to the mean pose', numbers())
    .option('--axis-angle', 'the 45 numbers of --pose are axis-angle vectors (radians), not coefficients')
    .option('--flat-hand-mean', 'add the pose to the flat hand, not to the mean pose')
    .option('--orient <x,y,z>', 'axis-angle (radians) about the wrist', numbers(3))
    .option('--transl <x,y,z>', 'metres', numbers(3))
    .addOption(new Option('--side <side>', 'where the file does not tell').choices(['right', 'left']))
    .addOption(
      new Option('--left-shape-fix <fix>', "whether x of a left hand's shape directions is negated").choices([
        'auto',
        'on',
        'off',
      ]),
    )
    .addOption(
      new Option('--frame <axes>', "axes of the posed hand; 'image' (x right, y down) is turned for viewers")
        .choices(['y-up', 'image'])
        .default('y-up'),
    )
    .option('--ascii', 'PLY as text')
    .option('--with-mesh', 'ONNX: mesh and keypoints come out too, not only the 22 numbers')
    .option('--keep-batch-norm', 'ONNX: normalisations stay operations of their own, not folded into the convolutions')
    .option('--hand <file>', 'where the hand model of the run is now, if it was trained with one from a file')
    .action(async (model: string, out: string, flags: Flags) =>
      (await import('../actions/export.js')).exportAction(model, out, flags),
    );
}
