import * as tf from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { ConfigError } from '@opposable/tensor-checks';
import type { ManoLayerOptions } from '../conventions/layer-options.js';
import { ManoLayer } from '../layer/mano-layer.js';
import type { ManoModel } from '../types.js';
import { modelFingerprint } from './model-fingerprint.js';

/** What a {@link ManoModelLayer} can give. */
export const MANO_OUTPUTS = ['vertices', 'joints', 'keypoints', 'normals'] as const;
export type ManoOutput = (typeof MANO_OUTPUTS)[number];

export interface ManoModelLayerConfig {
  /** Name within the LayersModel. */
  readonly name?: string | undefined;
  readonly model: ManoModel;
  /** As for `ManoLayer`. */
  readonly options: ManoLayerOptions;
  /** What the layer gives, in this sequence; one output is a tensor, several are a list. Default vertices, keypoints. */
  readonly outputs?: readonly ManoOutput[] | undefined;
}

/** What a saved model holds of a hand: enough to recognise it, none of its data. */
interface SavedHand {
  readonly topology: string;
  readonly side: string;
  readonly fingerprint: string;
}

const registered = new Map<string, ManoModel>();

function fail(message: string, expected?: unknown, actual?: unknown): never {
  throw new ConfigError(`ManoModelLayer: ${message}`, { expected, actual });
}

function checkOutputs(outputs: readonly ManoOutput[]): readonly ManoOutput[] {
  const isList: boolean = Array.isArray(outputs);
  const isKnown = isList && outputs.length > 0 && outputs.every((name) => MANO_OUTPUTS.includes(name));
  if (!isKnown || new Set(outputs).size < outputs.length) {
    fail(`expected outputs to be some of ${MANO_OUTPUTS.join(', ')}, each once, got ${String(outputs)}.`, MANO_OUTPUTS);
  }
  return outputs;
}

/**
 * `ManoLayer` as a layer of a `LayersModel`.
 *
 * Inputs, as a list: betas [B, S], handPose and globalOrient in the representation of the options, optionally transl
 * [B, 3] in metres. Outputs: those of the configuration. It has no weights. A saved model holds the options and the
 * hand's fingerprint, never the hand itself; before loading one, hand the models to {@link registerManoModelLayer}.
 *
 * @throws ConfigError for unknown outputs or a number of inputs other than three or four
 *
 * @example
 * const hand = new ManoModelLayer({ model, options: { flatHandMean: false }, outputs: ['keypoints'] });
 * const keypoints = hand.apply([betas, handPose, globalOrient]) as tf.SymbolicTensor;
 */
export class ManoModelLayer extends layers.Layer {
  static readonly className = 'OpposableManoModelLayer';
  readonly #config: ManoModelLayerConfig;
  readonly #outputs: readonly ManoOutput[];
  readonly #layer: ManoLayer;

  constructor(config: ManoModelLayerConfig) {
    super({ ...(config.name === undefined ? {} : { name: config.name }), trainable: false });
    this.#config = config;
    this.#outputs = checkOutputs(config.outputs ?? ['vertices', 'keypoints']);
    this.#layer = new ManoLayer(config.model, config.options);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    const [betas, handPose, globalOrient, transl] = this.#checkCount(inputs) as [
      tf.Tensor2D,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor2D | undefined,
    ];
    const wants = (name: ManoOutput) => this.#outputs.includes(name);
    return tf.tidy(() => {
      const result = this.#layer.forward(
        { betas, handPose, globalOrient, transl },
        { vertices: wants('vertices') || wants('normals'), normals: wants('normals') },
      );
      const given = this.#outputs.map((name) => result[name]!);
      return given.length === 1 ? given[0]! : given;
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [batch] = this.#checkCount<Shape>(inputShape)[0]!;
    const { vertexIds } = this.#layer.options;
    const { vertexCount, jointCount } = this.#layer.model;
    const counts = {
      vertices: vertexIds?.length ?? vertexCount,
      joints: jointCount,
      keypoints: 21,
      normals: vertexCount,
    };
    const shapes = this.#outputs.map((name): Shape => [batch!, counts[name], 3]);
    return shapes.length === 1 ? shapes[0]! : shapes;
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    const { model, options } = this.#config;
    const hand: SavedHand = {
      topology: model.topology,
      side: model.side,
      fingerprint: modelFingerprint(model),
    };
    const plain = JSON.parse(JSON.stringify({ hand, options, outputs: this.#outputs })) as object;
    return { ...super.getConfig(), ...plain };
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const { hand, ...rest } = config as unknown as ManoModelLayerConfig & { hand: SavedHand };
    const model = registered.get(hand.fingerprint);
    if (model === undefined) {
      fail(
        `expected the saved model's hand (${hand.side}, '${hand.topology}', fingerprint ${hand.fingerprint}) among the ` +
          'models given to registerManoModelLayer, got ' +
          `${[...registered].map(([key, { side, topology }]) => `${side} '${topology}' ${key}`).join(', ') || 'none'}.`,
        hand,
        [...registered.keys()],
      );
    }
    return new cls({ ...rest, model });
  }

  override disposeWeights(): number {
    this.#layer.dispose();
    return super.disposeWeights();
  }

  #checkCount<T>(inputs: T | T[]): T[] {
    const list: T[] = Array.isArray(inputs) ? inputs : [inputs];
    if (list.length === 3 || list.length === 4) return list;
    const expected = 'the inputs betas, handPose, globalOrient and optionally transl';
    return fail(`expected ${expected}, got ${list.length}.`, [3, 4], list.length);
  }
}

/**
 * Makes {@link ManoModelLayer} known to tfjs, so that saved models which contain it can be loaded.
 *
 * @param models the hands that saved models may ask for, recognised by `modelFingerprint`; added to those of earlier calls
 */
export function registerManoModelLayer(models: Iterable<ManoModel>): void {
  for (const model of models) registered.set(modelFingerprint(model), model);
  tf.serialization.registerClass(ManoModelLayer);
}
