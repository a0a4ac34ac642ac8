import type { LayerCall } from './layer.js';

/** What is used of a layer of tfjs-layers, which this package does not import. */
export interface GraphLayer {
  readonly name: string;
  getClassName(): string;
  getConfig(): Record<string, unknown>;
  readonly inboundNodes: readonly { readonly inboundLayers: readonly GraphLayer[] }[];
  readonly outboundNodes: readonly { readonly outboundLayer: GraphLayer }[];
  call: LayerCall;
}

/** A functional or sequential model of tfjs-layers. */
export interface ModelGraph {
  readonly layers: readonly { getClassName(): string }[];
  readonly outputLayers: readonly { getClassName(): string }[];
}

/** The layers of a model, and how they follow each other. */
export function readGraph(model: ModelGraph): {
  readonly layers: readonly GraphLayer[];
  /** The only layer that uses what this one gives, if both are used once and this one is no output of the model. */
  readonly nextOf: (layer: GraphLayer) => GraphLayer | undefined;
} {
  const outputs = new Set(model.outputLayers as readonly GraphLayer[]);
  return {
    layers: model.layers as readonly GraphLayer[],
    nextOf(layer) {
      const once = layer.inboundNodes.length === 1 && layer.outboundNodes.length === 1 && !outputs.has(layer);
      const next = once ? layer.outboundNodes[0]!.outboundLayer : undefined;
      return next?.inboundNodes.length === 1 ? next : undefined;
    },
  };
}

/** Whether somebody has replaced what the layer does, as for statistics over several workers: it keeps that. */
export const isReplaced = (layer: GraphLayer): boolean => Object.hasOwn(layer, 'call');
