import type { io } from '@tensorflow/tfjs-core';
import type { ManoModel } from '@opposable/mano-layer';
import { FileFormatError, OpposableError } from '@opposable/tensor-checks';
import { restoreVariables, type StoredTensor } from '@opposable/training';
import {
  createHeatmapRun,
  type HeatmapRun,
  type HeatmapRunInfo,
  isHeatmapInfo,
  mapsForInference,
} from '../heatmaps/heatmap-run.js';
import {
  allVariables,
  createEmptyRun,
  forInference,
  type HandRun,
  isRunInfo,
  openHand,
  type RunInfo,
} from '../run/hand-run.js';

/**
 * A network that was read from files: `run` is what `predictHand` or `findHand` takes, and is to be disposed. Its normalisations are in
 * its weights: it cannot be trained.
 */
export type LoadedNetwork =
  { readonly kind: 'regressor'; readonly run: HandRun } | { readonly kind: 'heatmap'; readonly run: HeatmapRun };

/** Images of a larger side are not what these networks are for, and a file could ask for all of the memory. */
const LARGEST_INPUT = 1024;
const BYTES = 4;
/** Bits of a float32 number's exponent: all set in infinities and NaN. */
const EXPONENT = 0x7f800000;

function fail(expected: string, actual: string, cause?: unknown): never {
  throw new FileFormatError(`loadNetwork: expected ${expected}, got ${actual}.`, { expected, actual, cause });
}

function parse(json: string): Partial<io.ModelJSON> {
  try {
    const value = JSON.parse(json) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    return fail('model.json to be JSON', `a text that begins with ${JSON.stringify(json.slice(0, 20))}`, cause);
  }
  return fail('model.json to be an object', JSON.stringify(json.slice(0, 20)));
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

const lengthOf = ({ shape }: WeightSpec): number => shape.reduce((a, b) => a * b, 1);

/** What the manifest says of the one file of weights. */
function specsOf({ weightsManifest }: Partial<io.ModelJSON>): readonly WeightSpec[] {
  const groups: readonly Partial<io.WeightsManifestConfig[number]>[] = Array.isArray(weightsManifest)
    ? weightsManifest
    : [];
  const [group] = groups;
  if (groups.length !== 1 || !Array.isArray(group?.weights) || group.paths?.length !== 1) {
    return fail('the weights in one file weights.bin', `a manifest of ${groups.length} groups`);
  }
  return group.weights.map((spec: Partial<io.WeightsManifestEntry> | null) => {
    const { name, shape, dtype, quantization } = spec ?? {};
    const isShape = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size >= 0);
    if (typeof name === 'string' && isShape && dtype === 'float32' && quantization === undefined) {
      return { name, shape };
    }
    return fail('weights with a name, a shape and the type float32', JSON.stringify(spec).slice(0, 80));
  });
}

/** The weights by name. */
function tensorsOf(specs: readonly WeightSpec[], weights: Uint8Array): Readonly<Record<string, StoredTensor>> {
  const expected = specs.reduce((sum, spec) => sum + lengthOf(spec), 0) * BYTES;
  if (expected !== weights.byteLength) {
    return fail(`weights.bin of the ${expected} bytes that model.json speaks of`, `${weights.byteLength} bytes`);
  }
  let offset = 0;
  const entries = specs.map((spec) => {
    const end = offset + lengthOf(spec) * BYTES;
    const data = new Float32Array(weights.slice(offset, end).buffer);
    offset = end;
    if (new Uint32Array(data.buffer).some((bits) => (bits & EXPONENT) === EXPONENT)) {
      return fail('finite weights', `NaN or infinity in "${spec.name.slice(0, 60)}"`);
    }
    return [spec.name, { dtype: 'float32', shape: spec.shape, data }] as const;
  });
  return Object.fromEntries(entries);
}

const basenameOf = (file: string): string => file.split(/[\\/]/).at(-1)!.slice(0, 60);

/** A network as its description says, from named fields alone: whatever else the file holds is not looked at. */
function build(about: RunInfo | HeatmapRunInfo, hand: ManoModel | undefined): LoadedNetwork {
  const { inputSize } = about.network;
  if (inputSize > LARGEST_INPUT) return fail(`a network for images of at most ${LARGEST_INPUT} pixels`, `${inputSize}`);
  if ('kind' in about) {
    const { variant, normalization } = about.network;
    const run = createHeatmapRun({ variant, inputSize, normalization }, about.coding, 0);
    return { kind: 'heatmap', run: { ...run, info: about } };
  }
  const { encoder, channels, inputNormalization, pooling, outputScale, keypointFeatures } = about.network;
  const network = { encoder, inputSize, channels, inputNormalization, pooling, outputScale, keypointFeatures };
  if (hand === undefined && about.hand !== 'open-hand') {
    return fail('the hand model that the network speaks of', `none; it was ${basenameOf(about.hand.file)}`);
  }
  return { kind: 'regressor', run: createEmptyRun({ ...about, network }, hand ?? openHand().model) };
}

/**
 * The network that `opposable export RUN …/model.json` wrote, from the content of its two files: a regressor or a heat-map
 * network, by what it says of itself.
 *
 * Files are untrusted. The graph in model.json is not run: the network is built anew from the few options that describe it, and
 * given the weights if names, shapes and their number of bytes are exactly its own.
 *
 * @param json content of model.json
 * @param weights content of weights.bin
 * @param hand right hand that the numbers of the network speak of, where it is not the open hand; that it is the same one is not
 *   checked
 * @returns a network whose `run.dispose()` frees it
 * @throws FileFormatError for other networks, other files, or damaged ones; nothing is left behind then
 */
export function loadNetwork(json: string, weights: Uint8Array, hand?: ManoModel): LoadedNetwork {
  const model = parse(json);
  const about: unknown = model.userDefinedMetadata;
  if (!isHeatmapInfo(about) && !isRunInfo(about)) {
    return fail('a regressor or a heat-map network as `opposable export` writes it', 'a model.json that does not say that it is one'); // prettier-ignore
  }
  const tensors = tensorsOf(specsOf(model), weights);
  let network: LoadedNetwork | undefined;
  try {
    network = build(about, hand);
    const variables = allVariables(network.run.model);
    const strange = Object.keys(tensors).find((name) => !Object.hasOwn(variables, name));
    if (strange !== undefined) fail('only weights that such a network has', `"${strange.slice(0, 60)}"`);
    restoreVariables(variables, tensors);
    return network.kind === 'regressor'
      ? { kind: 'regressor', run: forInference(network.run) }
      : { kind: 'heatmap', run: mapsForInference(network.run) };
  } catch (error) {
    network?.run.dispose();
    if (error instanceof FileFormatError) throw error;
    if (!(error instanceof OpposableError)) throw error;
    return fail('a network that can be built from what model.json says of it', error.message.replace(/\.$/, ''), error);
  }
}
