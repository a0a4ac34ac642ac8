import { ConfigError } from '@opposable/tensor-checks';
import type { GraphBuilder } from '../graph/graph-builder.js';
import type { LayerConverter, LayerDescription, LayerValue } from './types.js';

const OPERATORS: Readonly<Record<string, string>> = { relu: 'Relu', sigmoid: 'Sigmoid', tanh: 'Tanh' };

/** The activation that a layer's configuration names, behind it. */
export function activate(graph: GraphBuilder, value: LayerValue, { name, config }: LayerDescription): LayerValue {
  const wanted = (config['activation'] ?? 'linear') as string;
  if (wanted === 'linear') return value;
  const operator = OPERATORS[wanted];
  if (operator === undefined) {
    const accepted = ['linear', ...Object.keys(OPERATORS)].join(', ');
    throw new ConfigError(`layersModelToOnnx: expected an activation of ${accepted} in ${name}, got ${wanted}.`, {
      expected: accepted,
      actual: wanted,
    });
  }
  return { ...value, name: graph.apply(operator, [value.name], {}, `${name}.${wanted}`) };
}

export const activation: LayerConverter = (layer, [input], { graph }) => activate(graph, input!, layer);

export const relu: LayerConverter = ({ name, config }, [input], { graph }) => {
  const limit = config['maxValue'] as number | null | undefined;
  const output =
    limit === undefined || limit === null
      ? graph.apply('Relu', [input!.name], {}, name)
      : graph.apply('Clip', [input!.name, graph.scalar(0), graph.scalar(limit)], {}, name);
  return { ...input!, name: output };
};
