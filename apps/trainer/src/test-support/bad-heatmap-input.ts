import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BAD_INPUT, HINT } from './bad-input.js';
import { folder, opposable } from './cli-fixture.js';

const CONFIG = `kind: heatmap
model: { variant: small, inputSize: 32 }
data: { prepared: data }
heatmaps: { sigma: 1, radius: 4 }
loss: { iou: 1 }
batchSize: 4
optimizer: { name: adam, learningRate: 0.001 }
epochs: 1
`;

/** A run of heat maps beside what `makeFolder` has made, and configurations with one fault each. */
export async function makeHeatmapRun(): Promise<void> {
  const put = (name: string, from = '', to = ''): Promise<void> =>
    writeFile(join(folder, `${name}.yaml`), `${CONFIG.replace(from, to)}out: ${from === '' ? 'maps' : 'no'}\n`);
  await put('maps');
  expect(await opposable('train', 'maps.yaml', '--replicas', '1')).toMatchObject({ code: 0, stderr: '' });
  await put('maps-zero', 'iou: 1', 'iou: 0');
  await put('maps-variant', 'small', 'huge');
  await put('maps-sigma', 'sigma: 1', 'sigma: -1');
  await put('maps-loss', 'iou', 'dice');
  await put('maps-elsewhere', 'prepared: data', 'prepared: nowhere');
}

/** As {@link BAD_INPUT}, for the commands of heat maps and of datasets. */
// prettier-ignore
export const BAD_HEATMAP_INPUT: typeof BAD_INPUT = [
  ['pretrain maps.yaml', ['maps.yaml: kind: heatmap is the configuration of a heat-map network, which "opposable train" trains.']],
  ['train maps-zero.yaml', ['maps-zero.yaml: loss: expected at least one weight above 0']],
  ['train maps-variant.yaml', ['maps-variant.yaml: model.variant: expected one of "documented"|"small", got "huge".']],
  ['train maps-sigma.yaml', ['maps-sigma.yaml: heatmaps.sigma: ', 'got -1.']],
  ['train maps-loss.yaml', ['unknown key loss.dice (accepted: iou, mse, adaptiveWing, expectation)']],
  ['train maps-elsewhere.yaml', ['there is no folder ', 'nowhere.']],
  ['train maps.yaml', ['trainHeatmap: maps holds 1 epochs; go on with --resume, or choose another folder.']],
  ['train maps.yaml --out no --replicas 3', ['expected a number of replicas that divides the 4 samples of a batch, got 3.']],
  ['train maps.yaml --out no --iterations 3', ['--iterations is not accepted for heat maps, which count epochs; give --epochs.']],
  ['train maps.yaml --out no --pretrained good.jpg', ['good.jpg: readArrays: ']],
  ['train maps.yaml --out no --checkpoint none --pretrained good.jpg', ['--pretrained is accepted only for a new network, and this one comes from a checkpoint.']],
  ['train maps.yaml --out no --overwrite', ['--overwrite is not accepted for heat maps.']],
  ['heatmaps data', ["error: required option '--checkpoint <run>' not specified", HINT]],
  ['heatmaps data --checkpoint none', ['expected a checkpoint folder at none, found none.']],
  ['heatmaps nowhere --checkpoint maps', ['there is no folder ', 'nowhere.']],
  ['heatmaps data --checkpoint run', ['expected the checkpoint of a heat-map network in ', 'run/checkpoint, found another kind.']],
  ['heatmaps data --checkpoint maps --format tiff', ["argument 'tiff' is invalid", 'packed, array', HINT]],
  ['heatmaps data --checkpoint maps --split dev', ["expected one of the splits train, test, got 'dev'."]],
  ['predict good.jpg --checkpoint maps --out no --min-confidence 2', ['predict: expected --min-confidence from 0 to 1, got 2.']],
  ['predict none.jpg --checkpoint maps --out no', ['none.jpg cannot be read (there is no such file); accepted are JPEG, ']],
  ['predict text.jpg --checkpoint maps --out no', ['text.jpg cannot be read as an image', 'accepted are JPEG, ']],
  ['predict good.jpg --checkpoint run --model heatmap --out no', ['expected the checkpoint of a heat-map network in ', 'found another kind.']],
  ['predict good.jpg --checkpoint maps --model hand --out no', ['predict: maps holds a heat-map network; leave --model out, or give the run of a hand regressor.']],
  ['predict good.jpg --checkpoint maps --out no --model mesh', ["argument 'mesh' is invalid", 'hand, heatmap', HINT]],
  ['predict good.jpg --checkpoint run --heatmaps maps --out no', ['takes the image alone, got one']],
  ['evaluate data --checkpoint none --out no', ['expected a checkpoint folder at none, found none.']],
  ['evaluate nowhere --checkpoint maps --out no', ['there is no folder ', 'nowhere.']],
  ['evaluate data --checkpoint maps --out no --split dev', ["expected one of the splits train, test, got 'dev'."]],
  ['stats nowhere', ['there is no folder ', 'nowhere.']],
  ['stats data --split dev', ["expected one of the splits train, test, got 'dev'."]],
  ['stats data --size 0', ["option '--size <n>' argument '0' is invalid", HINT]],
  ['validate nowhere', ['there is no folder ', 'nowhere.']],
  ['masks nowhere', ['there is no folder ', 'nowhere.']],
  ['prepare none.yaml', ['none.yaml', 'there is no such file.']],
  ['mm2px nowhere', ["error: required option '--out <file>' not specified", HINT]],
  ['inspect-order none.json', ['none.json: expected a file, but there is no such file.']],
];
