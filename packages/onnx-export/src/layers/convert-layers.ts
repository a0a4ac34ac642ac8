import { ConfigError } from '@opposable/tensor-checks';
import type { GraphBuilder } from '../graph/graph-builder.js';
import { LAYER_CONVERTERS } from './converters.js';
import type { LayerContext, LayerDescription, LayerValue } from './types.js';

const TO_FIRST = [0, 3, 1, 2];
const TO_LAST = [0, 2, 3, 1];

/** Transposes a value the first time that its other layout is asked for. */
function layoutsOf(graph: GraphBuilder): Pick<LayerContext, 'channelsFirst' | 'channelsLast'> {
  const known = new Map<string, string>();
  const transposed = (name: string, perm: readonly number[]): string => {
    const found = known.get(name) ?? graph.apply('Transpose', [name], { perm });
    known.set(name, found);
    return found;
  };
  return {
    channelsFirst: ({ name, layout }) => (layout === 'channels-last' ? transposed(name, TO_FIRST) : name),
    channelsLast: ({ name, layout }) => (layout === 'channels-first' ? transposed(name, TO_LAST) : name),
  };
}

/**
 * Writes layers into a graph, one after the other.
 *
 * @returns the name of each output with its channels last, as TensorFlow.js has it
 * @throws ConfigError for a class of layers that there is no converter for
 */
export function convertLayers(
  graph: GraphBuilder,
  layers: readonly LayerDescription[],
  outputs: readonly string[],
): string[] {
  const context: LayerContext = { graph, ...layoutsOf(graph) };
  const values = new Map<string, LayerValue>();
  for (const layer of layers) {
    if (layer.className === 'InputLayer') {
      values.set(layer.name, { name: layer.name, layout: layer.outputShape.length === 4 ? 'channels-last' : 'vector' });
      continue;
    }
    const convert = Object.hasOwn(LAYER_CONVERTERS, layer.className) ? LAYER_CONVERTERS[layer.className] : undefined;
    if (convert === undefined) {
      const accepted = Object.keys(LAYER_CONVERTERS).join(', ');
      throw new ConfigError(
        `layersModelToOnnx: expected layers of ${accepted}, got ${layer.className} "${layer.name}".`,
        { expected: accepted, actual: layer.className },
      );
    }
    const inputs = layer.inputs.map((name) => values.get(name)!);
    values.set(layer.name, convert(layer, inputs, context));
  }
  return outputs.map((name) => context.channelsLast(values.get(name)!));
}
