import { ConfigError } from '@opposable/tensor-checks';
import type { NamedVariables } from '@opposable/training';

/**
 * The variables that are trained when some are kept as they are.
 *
 * @param frozen beginnings of names; default none
 * @throws ConfigError for a beginning that no name has, or when nothing would be left
 */
export function withoutFrozen(variables: NamedVariables, frozen: readonly string[] = []): NamedVariables {
  const names = Object.keys(variables);
  const unknown = frozen.find((beginning) => !names.some((name) => name.startsWith(beginning)));
  if (unknown !== undefined) {
    const accepted = [...new Set(names.map((name) => name.split('/')[0]!))].join(', ');
    throw new ConfigError(`frozen: expected beginnings of names of weights (${accepted}), got "${unknown}".`, {
      expected: accepted,
      actual: unknown,
    });
  }
  const left = names.filter((name) => !frozen.some((beginning) => name.startsWith(beginning)));
  if (left.length === 0) {
    throw new ConfigError(
      `frozen: expected that some weights are left to be trained, got ${frozen.join(', ')}, which are all.`,
      {
        expected: 'fewer',
        actual: frozen,
      },
    );
  }
  return Object.fromEntries(left.map((name) => [name, variables[name]!]));
}
