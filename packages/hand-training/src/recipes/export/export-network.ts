import { basename, dirname, extname } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { writeSafetensors } from '@opposable/array-files';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { torchWeights } from '@opposable/hand-regressor';
import { handRegressorToOnnx, layersModelToOnnx, type OnnxFile } from '@opposable/onnx-export';
import { ConfigError } from '@opposable/tensor-checks';
import { isHeatmapRun, loadHeatmapRun } from '../../heatmaps/heatmap-checkpoint.js';
import type { HandRun } from '../../run/hand-run.js';
import { loadRun } from '../../run/run-checkpoint.js';
import { layersModelFolder } from './layers-model-folder.js';
import { isNetworkFile, NETWORK_FILES } from './network-files.js';

export interface ExportNetworkOptions {
  /** Folder of a run: of a regressor or of a heat-map network. */
  readonly run: string;
  /** Where the file of the run's hand is now; default where it was. Only for a run that is not of the open hand. */
  readonly hand?: string | undefined;
  /** `…/model.json`, a `.safetensors` or an `.onnx` file. */
  readonly out: string;
  /** ONNX: mesh and keypoints come out too, not only the 22 numbers. Default false. */
  readonly withMesh?: boolean | undefined;
  /** ONNX: whether normalisations go into the weights of convolutions. Default true. */
  readonly foldBatchNormalization?: boolean | undefined;
}

interface Network {
  readonly model: LayersModel;
  /** Of a heat-map network undefined. */
  readonly regressor: HandRun | undefined;
  /** What it is, for whoever builds it again. */
  readonly about: object;
  dispose(): void;
}

/** Without the folders of the machine it was trained on. */
function aboutOf({ info }: HandRun): HandRun['info'] {
  const { hand } = info;
  return hand === 'open-hand' ? info : { ...info, hand: { ...hand, file: basename(hand.file) } };
}

async function loadNetwork(folder: string, hand: string | undefined): Promise<Network> {
  if (await isHeatmapRun(folder)) {
    const run = await loadHeatmapRun(folder);
    return { model: run.model, regressor: undefined, about: run.info, dispose: () => run.dispose() };
  }
  const run = await loadRun(folder, { hand });
  return { model: run.model, regressor: run, about: aboutOf(run), dispose: () => run.dispose() };
}

function describeOnnx({ inputs, outputs, nodes, foldedNormalizations }: OnnxFile): string {
  const values = (list: OnnxFile['inputs']): string =>
    list.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
  return `${values(inputs)} → ${values(outputs)}; ${nodes} operations, ${foldedNormalizations} normalisations folded`;
}

/**
 * Writes the network of a run in a form that other programs read: a LayersModel (`model.json` and `weights.bin`), its weights
 * with PyTorch's names (`.safetensors`), or ONNX.
 *
 * @returns a sentence about what was written
 * @throws ConfigError for another name, or options that do not belong to it; what loading a run throws
 */
export async function exportNetwork(options: ExportNetworkOptions): Promise<string> {
  const { run, out, withMesh = false, foldBatchNormalization = true } = options;
  if (!isNetworkFile(out)) {
    throw new ConfigError(`exportNetwork: expected a file name that ends in ${NETWORK_FILES.join(', ')}, got ${out}.`, {
      expected: NETWORK_FILES,
      actual: out,
    });
  }
  const isOnnx = extname(out).toLowerCase() === '.onnx';
  if (!isOnnx && (withMesh || !foldBatchNormalization)) {
    const flag = withMesh ? '--with-mesh' : '--keep-batch-norm';
    throw new ConfigError(`${flag} is accepted only for .onnx, got ${out}.`, { expected: '.onnx', actual: out });
  }
  const network = await loadNetwork(run, options.hand);
  try {
    const { model, regressor, about } = network;
    const metadata = { 'opposable.run': JSON.stringify(about) };
    if (isOnnx) {
      if (withMesh && regressor === undefined) {
        throw new ConfigError(`--with-mesh is accepted only for a regressor, and ${run} is a heat-map network.`, {
          expected: 'regressor',
          actual: run,
        });
      }
      const file =
        regressor === undefined
          ? await layersModelToOnnx(model, { foldBatchNormalization, metadata })
          : await handRegressorToOnnx(model, { foldBatchNormalization, metadata, mesh: withMesh ? regressor.hand : undefined }); // prettier-ignore
      await writeFileAtomic(out, file.bytes);
      return `${out}: ${describeOnnx(file)}, ${file.bytes.length} bytes`;
    }
    if (basename(out) === 'model.json') {
      model.setUserDefinedMetadata(about);
      await model.save(layersModelFolder(dirname(out)));
      return `${out}: ${model.name}, ${model.countParams()} numbers in weights.bin beside it`;
    }
    const weights = await torchWeights(model);
    const bytes = writeSafetensors(Object.fromEntries(weights), metadata);
    await writeFileAtomic(out, bytes);
    return `${out}: ${weights.size} tensors with PyTorch's names, ${bytes.length} bytes`;
  } finally {
    network.dispose();
  }
}
