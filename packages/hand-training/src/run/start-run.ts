import type { ArrayFile } from '@opposable/array-files';
import { ENCODERS, loadTorchWeights, type TorchStateDict } from '@opposable/hand-regressor';
import { HAND_PARAMETER_COUNT } from '@opposable/mano-layer/conventions';
import { findRunHand, readRunHand } from './read-run-hand.js';
import { naming, readTorchState } from './read-torch-state.js';
import { createRun, type HandRun, type NetworkInfo, type RunInfo } from './hand-run.js';

/** A network without a history. */
export interface NewNetwork extends NetworkInfo {
  /** PyTorch checkpoint (.pth, or .safetensors with PyTorch's names) that the weights come from; without it they are random. */
  readonly pretrained?: string | undefined;
  /** File of the hand that the numbers speak of, such as MANO's right hand. Default the open hand. */
  readonly hand?: string | undefined;
}

/** What the weights of one layout were trained with; the head of the first is not for hands. */
const LAYOUTS = {
  torchvision: { name: 'torchvision', options: { inputNormalization: 'imagenet' }, optionalLayers: ['fc'] },
  '3dhand': {
    name: '3dhand',
    options: { inputNormalization: 'unit', pooling: '3dhand', outputScale: '3dhand' },
    optionalLayers: [],
  },
} as const;
const OWN_LAYOUT = { name: 'Opposable', optionalLayers: [] } as const;

/** Layers that lift keypoints have the same names in every network that has them. */
const LIFTING = /^places\b/;

/** What a file of ours need not hold: of one that lifts keypoints only, the encoder that corrects it. */
function layersBeside({ model }: HandRun, { network }: RunInfo): string[] {
  const names = model.layers.map(({ name }) => name);
  const others = names.filter((name) => !LIFTING.test(name));
  // a network without these layers would take nothing of the file
  return ENCODERS[network.encoder].lifts === 'only' && others.length < names.length ? others : [];
}

/** What `exportNetwork` wrote beside the weights of a network of ours. */
function ownInfo(file: ArrayFile): RunInfo | undefined {
  const text = 'metadata' in file ? file.metadata['opposable.run'] : undefined;
  return text === undefined ? undefined : (JSON.parse(text) as RunInfo);
}

/** 3dhand's is the one whose last linear layer gives the 22 numbers. */
function layoutOf(state: TorchStateDict): keyof typeof LAYOUTS {
  return state.get('fc.weight')?.shape[0] === HAND_PARAMETER_COUNT ? '3dhand' : 'torchvision';
}

/** So many names are printed of tensors that were not loaded. */
const NAMED = 6;

/**
 * A new network, with random weights or those of a PyTorch checkpoint.
 *
 * Of a checkpoint of torchvision's layout the encoder is taken and the head stays random; the network then normalises its
 * input as those weights expect, unless `inputNormalization` says otherwise. A checkpoint of 3dhand's layout, known by its
 * head of 22 numbers, is taken whole, with that network's pooling and output scale. So is one that `exportNetwork` wrote; one
 * that lifts keypoints only may also start a network with `keypointFeatures`, whose encoder is random then.
 *
 * @param print takes a sentence about what was loaded
 * @throws FileFormatError for a file that is none or does not fit; ConfigError for a network that there is not
 */
export async function startRun(
  { pretrained, hand: file, ...network }: NewNetwork,
  seed: number | string,
  print: (line: string) => void = () => {},
): Promise<HandRun> {
  const given = file === undefined ? undefined : await readRunHand(file);
  if (pretrained === undefined) return createRun(network, seed, given);
  const { state, file: stored } = await readTorchState(pretrained);
  const own = ownInfo(stored);
  const { name, options, optionalLayers } =
    own === undefined ? LAYOUTS[layoutOf(state)] : { ...OWN_LAYOUT, options: own.network };
  const asked = Object.fromEntries(Object.entries(network).filter(([, value]) => value !== undefined));
  const hand = given ?? (own && (await findRunHand(own.hand)));
  const run = createRun({ ...options, ...asked } as NetworkInfo, seed, hand);
  const missing = own === undefined ? optionalLayers : layersBeside(run, own);
  try {
    const { loaded, kept, unused } = await naming(pretrained, () =>
      loadTorchWeights(run.model, state, { optionalLayers: missing }),
    );
    const left = kept.length === 0 ? 'nothing left random' : `${named(kept)} left random`;
    print(
      `${pretrained}: ${name}'s layout, ${loaded.length} tensors loaded, ${left}, ${unused.length} not used; input normalisation "${run.info.inputNormalization}".`,
    );
    return run;
  } catch (error) {
    run.dispose();
    throw error;
  }
}

/** Names in one line: all of a few, the first and the number of many, such as those of a whole encoder. */
function named(names: readonly string[]): string {
  if (names.length <= NAMED) return names.join(', ');
  return `${names.slice(0, NAMED - 1).join(', ')} and ${names.length - NAMED + 1} more`;
}
