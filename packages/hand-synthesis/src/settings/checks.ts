import { ConfigError } from '@opposable/tensor-checks';
import { isBlock } from './merge-block.js';

const OPERATION = 'synthesizeHand';

/** @throws ConfigError naming a setting, what is accepted and what it is, unless it fits */
export function check(fits: boolean, name: string, expected: string, actual: unknown): void {
  if (fits) return;
  const shown = Array.isArray(actual) ? `[${actual.join(', ')}]` : isBlock(actual) ? 'a block' : String(actual);
  throw new ConfigError(`${OPERATION}: expected ${name} ${expected}, got ${shown}.`, { expected, actual });
}

export function checkRange(name: string, value: unknown, minimum: number, maximum = Infinity): void {
  const isPair = Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
  const [low, high] = isPair ? (value as [number, number]) : [NaN, NaN];
  const end = maximum === Infinity ? `from ${minimum}` : `in ${minimum} … ${maximum}`;
  check(low >= minimum && high >= low && high <= maximum, name, `as [minimum, maximum] ${end}`, value);
}

/** A range of numbers of things. */
export function checkCounts(name: string, value: unknown, maximum: number): void {
  const fits = Array.isArray(value) && value.every(Number.isInteger);
  check(fits, name, `as [minimum, maximum] of integers in 0 … ${maximum}`, value);
  checkRange(name, value, 0, maximum);
}

export function checkNumber(name: string, value: unknown, minimum: number, maximum: number): void {
  const fits = typeof value === 'number' && value >= minimum && value <= maximum;
  check(fits, name, `in ${minimum} … ${maximum}`, value);
}

/** A number of any size, but finite. */
export function checkFrom(name: string, value: unknown, minimum: number): void {
  check(Number.isFinite(value) && (value as number) >= minimum, name, `as a number from ${minimum}`, value);
}

export function checkShare(name: string, value: unknown): void {
  checkNumber(name, value, 0, 1);
}

/** That a block has no keys but those of another, and blocks within it likewise. */
export function checkKeys(name: string, block: unknown, known: object): void {
  check(isBlock(block), name, `as a block with keys among ${Object.keys(known).join(', ')}`, block);
  for (const [key, value] of Object.entries(block as object)) {
    check(Object.hasOwn(known, key), `keys of ${name}`, `among ${Object.keys(known).join(', ')}`, key);
    const inner = (known as Record<string, unknown>)[key];
    if (isBlock(inner) && value !== undefined) checkKeys(`${name}.${key}`, value, inner);
  }
}
