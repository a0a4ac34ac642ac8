import { answers } from './cli-fixture.js';

/** What follows the sentence of a wrong option. */
export const HINT = 'Run with --help to see what is accepted.';
const PREDICT = '--checkpoint run --out no';
/** What is typed, and what the sentence names. */
// prettier-ignore
export const BAD_INPUT: readonly (readonly [string, readonly string[]])[] = [
  ['learn', ["error: unknown command 'learn'", HINT]],
  ['demo --size 64', ["error: unknown option '--size'", HINT]],
  ['demo --seed -1', ["option '--seed <n>' argument '-1' is invalid", 'at least 0', HINT]],
  ['demo --replicas 7 --out no', ['runReplicas: expected a number of replicas that divides', 'got 7.']],
  ['demo --backend gpu', ["argument 'gpu' is invalid", 'auto, wasm, cpu, webgpu, node, node-gpu', HINT]],
  ['synthesize --out no --train 0 --test 0', ['expected at least one sample']],
  ['synthesize --out no --preset pretty', ["argument 'pretty' is invalid", 'seed, demo, realistic', HINT]],
  ['synthesize', ['expected --out DIR']],
  ['synthesize --out no --config none.yaml', ['none.yaml', 'there is no such file']],
  ['synthesize --out no --shard 3/2', ['Expected i/n', HINT]],
  ['synthesize --out no --backgrounds none', ['expected a folder of images']],
  ['color-meshes none none no', ['expected a folder of .obj or .ply files']],
  ['color-meshes data none no', ['expected a folder of .obj or .ply files']],
  ['color-meshes', ["error: missing required argument 'scans'", HINT]],
  ['render open-hand', ["error: required option '--out <dir>' not specified", HINT]],
  ['render none.obj --out no', ['none.obj: expected a file, but there is no such file.']],
  ['render good.jpg --out no', ['which no known format does; accepted are ']],
  ['render cut.glb --out no', ['cut.glb: expected a binary glTF 2.0 file, got ']],
  ['render open-hand --out no --size 3', ["argument '3' is invalid", 'at least 16', HINT]],
  ['render open-hand --out no --antialias 99', ['expected antialias as an integer in 1 … 8', 'got 99']],
  ['render open-hand --out no --pitch steep', ["argument 'steep' is invalid", 'Expected degrees', HINT]],
  ['synthesize --out data', ['data holds a prepared dataset', 'overwrite']],
  ['pretrain', ["error: missing required argument 'config'", HINT]],
  ['pretrain none.yaml', ['none.yaml: expected a configuration file in YAML that can be read, but there is no such file.']],
  ['pretrain broken.yaml', ['broken.yaml: not valid YAML: ']],
  ['pretrain key.yaml', ['key.yaml: unknown key sed (accepted: seed, model, data, optimizer, augmentation, loader, validation, keep, out, weights, poseMetric, rotationMetric).']],
  ['pretrain type.yaml', ['type.yaml: optimizer.iterations: expected number, got "two".']],
  ['pretrain elsewhere.yaml', ['there is no folder ', 'nowhere.']],
  ['pretrain nan.yaml', ['train.json', 'NaN']],
  ['pretrain nan3d.yaml', ['annotations[2].keypoints_3d, expected 63 finite numbers, got NaN or null at place 4.']],
  ['pretrain noimage.yaml', ['00000001.jpg cannot be read (there is no such file)']],
  ['pretrain numberless.yaml', ["expected samples with the 22 numbers (synthetic hands have them), got sample 'train-00000002' without."]],
  ['pretrain good.yaml --out no --replicas 3', ['expected a number of replicas that divides the 4 samples of a batch, got 3.']],
  ['pretrain good.yaml --out no --backend node', ['"npm install @tensorflow/tfjs-node@4.22.0"']],
  ['pretrain good.yaml --out no --backend node-gpu', ['"npm install @tensorflow/tfjs-node-gpu@4.22.0"', 'CUDA 11.2']],
  ['pretrain good.yaml --out no --root x', ['--root is accepted only where the configuration has data.reader']],
  ['pretrain good.yaml --out good.jpg', ['good.jpg cannot be used: there is a file where a folder is expected.']],
  ['pretrain decays.yaml', ['decays.yaml: optimizer: expected at most one of learningRateStep, learningRateCosine, learningRatePlateau']],
  ['train zero.yaml', ['train: expected at least one loss weight above 0 from the start, got none.']],
  ['train good.yaml --out no', ['good.yaml: weights: expected object, it is missing.']],
  ['train zero.yaml --epochs 5', ['--epochs is accepted only for heat maps (kind: heatmap); give --iterations.']],
  ['train zero.yaml --checkpoint none', ['loadCheckpoint: expected a checkpoint folder at none, found none.']],
  ['evaluate --data data --out no', ['evaluate: expected at least one run, or --score with a file, got none.']],
  ['evaluate run --out no', ['evaluate: expected --data with a dataset to measure on, got none.']],
  ['evaluate run --data nowhere --out no', ['there is no folder ', 'nowhere.']],
  ['evaluate run none --data data --out no', ['expected a checkpoint folder at none, found none.']],
  ['evaluate run --data data --out no --split dev', ["expected one of the splits train, test, got 'dev'."]],
  ['evaluate run --data data --out no --baseline dev', ["expected one of the splits train, test, got 'dev'."]],
  ['evaluate run --data data --out no --reader handy', ["argument 'handy' is invalid", 'ge-realworld', HINT]],
  ['evaluate run --data data --out no --rows 1', ['--rows is accepted only together with --reader.']],
  ['evaluate run --data data --out no --rows 1,x', ["argument '1,x' is invalid", 'separated by commas', HINT]],
  ['evaluate run --data data --out no --reader ge-realworld', ['params.mat cannot be read (there is no such file).']],
  ['evaluate run --data data --out no --protocol best', ["argument 'best' is invalid", 'freihand, stb, mpii-nzsl, ho3d', HINT]],
  ['evaluate run --data data --out no --published none', ['text files of published curves in none, but there is no such folder.']],
  ['evaluate --score good.jpg --xyz good.jpg --protocol freihand --out no', ['good.jpg: expected JSON, got text that is none.']],
  ['evaluate --score none.json --xyz none.json --protocol stb --out no', ['--score needs --protocol freihand or ho3d, got stb.']],
  ['fit data --reader ge-realworld --out no', ['params.mat cannot be read (there is no such file).']],
  ['export', ["error: missing required argument 'model'", HINT]],
  ['export open-hand hand.stl', ["value 'hand.stl' is invalid", 'ends in .glb, .obj, .ply', HINT]],
  ['export none.pkl hand.glb', ["cannot read 'none.pkl'"]],
  ['export good.jpg hand.glb', ['which no known format does; accepted are ']],
  ['export open-hand hand.glb --left-shape-fix on', ['--left-shape-fix is accepted only for a file, got open-hand.']],
  ['export open-hand hand.glb --betas 1,x', ["argument '1,x' is invalid", 'numbers separated by commas', HINT]],
  ['export open-hand hand.glb --orient 1,2', ["argument '1,2' is invalid", '3 numbers', HINT]],
  ['export open-hand hand.glb --betas 1,2,3,4,5,6,7,8,9,10,11', ['--betas: expected at most 10 numbers, got 11.']],
  ['export open-hand hand.glb --pose 1,2 --axis-angle', ['--pose: expected 45 numbers with --axis-angle, got 2.']],
  ['export open-hand hand.glb --ascii', ['--ascii is accepted only for .ply, got .glb.']],
  ['export open-hand hand.glb --with-mesh', ['--with-mesh is accepted only for .onnx, got hand.glb.']],
  ['export run net.onnx --betas 1', ['--betas is accepted only for .glb, .obj, .ply, got net.onnx.']],
  ['export run net.safetensors --keep-batch-norm', ['--keep-batch-norm is accepted only for .onnx, got net.safetensors.']],
  ['export none net.onnx', ['expected a checkpoint folder at none, found none.']],
  ['export damaged net.onnx', ['weights.safetensors in ', 'is damaged']],
  ['export open-hand no/hand.glb --side both', ["argument 'both' is invalid", 'right, left', HINT]],
  [`predict ${PREDICT}`, ["error: missing required argument 'image'", HINT]],
  ['predict good.jpg --checkpoint none --out no', ['expected a checkpoint folder at none, found none.']],
  ['predict good.jpg --checkpoint data --out no', ['expected the file state.json in ', 'data, found none that can be read.']],
  ['predict good.jpg --checkpoint damaged --out no', ['weights.safetensors in ', 'is damaged']],
  [`predict none.jpg ${PREDICT}`, ['none.jpg cannot be read (there is no such file); accepted are JPEG, ']],
  [`predict empty.jpg ${PREDICT}`, ['empty.jpg is empty; accepted are JPEG, ']],
  [`predict text.jpg ${PREDICT}`, ['text.jpg cannot be read as an image', 'accepted are JPEG, ']],
  [`predict cut.jpg ${PREDICT}`, ['cut.jpg cannot be read as an image', 'accepted are JPEG, ']],
  [`predict data/images ${PREDICT}`, ['expected image files or a prepared dataset in data/images, found none.']],
  [`predict data ${PREDICT} --split dev`, ["expected one of the splits train, test, got 'dev'."]],
  [`predict good.jpg ${PREDICT} --hands none.csv`, ['none.csv: expected a JSON or CSV file that can be read, got "ENOENT".']],
  [`predict good.jpg ${PREDICT} --meshes stl`, ["argument 'stl' is invalid", 'glb, obj, ply', HINT]],
  [`predict good.jpg ${PREDICT} --box 3,3,0,5`, ["argument '3,3,0,5' is invalid", 'with a positive size', HINT]],
  [`predict good.jpg ${PREDICT} --box 3,3,NaN,5`, ["argument '3,3,NaN,5' is invalid", HINT]],
  [`predict good.jpg ${PREDICT} --box 3,,4,5`, ["argument '3,,4,5' is invalid", HINT]],
  [`predict good.jpg ${PREDICT} --box 99,99,5,5`, ['expected a box of more than one pixel that touches the 32×32 image, got 99, 99, 5, 5.']],
  [`predict good.jpg ${PREDICT} --side both`, ["argument 'both' is invalid", 'right, left', HINT]],
  ['inspect', ["error: missing required argument 'file'", HINT]],
  ['inspect none.npz', ['none.npz: expected a file, but there is no such file.']],
  ['inspect empty.jpg', ['empty.jpg: the file is empty; accepted are json, npy, ']],
  ['inspect text.jpg', ['text.jpg: the file starts with the bytes 74 68 69 73', 'accepted are json, npy, ']],
  ['inspect damaged/checkpoint/weights.safetensors', ['weights.safetensors: ']],
  ['inspect data/images', ['images: expected a file, a prepared dataset or a run, found another folder.']],
  ['inspect data --members 0', ["option '--members <n>' argument '0' is invalid", HINT]],
  ['convert data/dataset.json', ["error: missing required argument 'out'", HINT]],
  ['convert run/metrics-pretrain.jsonl out.mat', ["'out.mat' is invalid for argument 'out'", '.npz or .safetensors', HINT]],
  ['convert none.npz out.npz', ['none.npz: expected a file, but there is no such file.']],
  ['convert text.jpg out.npz', ['text.jpg: the file starts with the bytes']],
  ['convert run/checkpoint/weights.safetensors out.npz --drop nothing', ['--drop: the file holds no nothing.']],
  ['convert run/checkpoint/weights.safetensors out.safetensors --compress', ['--compress is accepted only for .npz, got .safetensors.']],
];

/** Types each line; what is wrong with the answers. One sentence, perhaps a hint, exit code 2, no trace. */
export async function wrongAnswers(lines: typeof BAD_INPUT): Promise<string[]> {
  const problems: string[] = [];
  let next = 0;
  for await (const { code, stderr } of answers(lines.map(([words]) => words))) {
    const [words, parts] = lines[next++]!;
    const said = stderr.trimEnd().split('\n');
    const expected = parts.includes(HINT) ? 2 : 1;
    const missing = parts.filter((part) => !stderr.includes(part));
    if (code === 2 && said.length === expected && missing.length === 0 && !stderr.includes('    at ')) continue;
    problems.push(`opposable ${words}\n  exit code ${code}\n  ${said.join('\n  ')}\n  missing: ${missing.join(' | ')}`);
  }
  if (next !== lines.length) problems.push(`expected ${lines.length} answers, got ${next}`);
  return problems;
}
