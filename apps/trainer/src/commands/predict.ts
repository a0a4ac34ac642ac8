import { Command, Option } from 'commander';
import { MESH_FORMATS, type MeshFormat } from '@opposable/hand-training/choices';
import { type BackendFlag, backendOption } from '../backend-option.js';
import { box, framesPerSecond, meshList } from '../options.js';

const PREDICT_MODELS = ['hand', 'heatmap'] as const;

export interface Flags extends BackendFlag {
  checkpoint: string;
  out: string;
  hand?: string;
  box?: [number, number, number, number];
  hands?: string;
  split: string;
  meshes: MeshFormat[];
  side: 'left' | 'right';
  model?: (typeof PREDICT_MODELS)[number];
  minConfidence?: number;
  heatmaps?: string;
  smoothAt?: number;
}

/** opposable predict IMAGE… --checkpoint RUN --out DIR */
export function predictCommand(signal: AbortSignal): Command {
  return new Command('predict')
    .description('Predict the hand in each image: overlay, the 22 numbers, keypoints, and the mesh.')
    .argument('<image...>', 'image files with one hand each, folders of them, or prepared datasets')
    .requiredOption('--checkpoint <run>', 'folder of a run, for example runs/demo')
    .requiredOption('--out <dir>', 'folder for the results')
    .option('--hand <file>', 'where the hand model of the run is now, if it was trained with one from a file')
    .option('--box <x,y,w,h>', 'box around the hand in pixels; without it the largest centred square is the crop', box)
    .option('--hands <file>', 'JSON or CSV with a box, keypoints in any order, or the side of the hand for each file')
    .option('--split <name>', 'split of prepared datasets', 'test')
    .option('--meshes <list>', `mesh files to write, of ${MESH_FORMATS.join(', ')}; "none" for none`, meshList, [
      'obj',
      'glb',
    ])
    .addOption(
      new Option('--side <side>', 'which hand the images show, where --hands and the dataset do not say')
        .choices(['right', 'left'])
        .default('right'),
    )
    .addOption(new Option('--model <kind>', 'what the run is; default as its checkpoint says').choices(PREDICT_MODELS))
    .option('--min-confidence <x>', 'of heat maps: below it an image shows no hand; default 0.35', Number)
    .option('--heatmaps <run>', 'heat-map run that makes the maps for a network of 24 channels')
    .option('--smooth-at <fps>', 'the images are frames of one camera; smooth what is predicted', framesPerSecond)
    .addOption(backendOption())
    .action(async (images: string[], flags: Flags) =>
      (await import('../actions/predict.js')).predictAction(images, flags, signal),
    );
}
