import { ConfigError } from '@opposable/tensor-checks';

/** @throws ConfigError `maskLoss: expected mode to be one of a, b, got c.` */
export function assertOneOf<T>(value: T, accepted: readonly T[], operation: string, option: string): void {
  if (accepted.includes(value)) return;
  throw new ConfigError(`${operation}: expected ${option} to be one of ${accepted.join(', ')}, got ${String(value)}.`, {
    expected: accepted,
    actual: value,
  });
}
