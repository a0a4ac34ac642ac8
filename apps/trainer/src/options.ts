import { MESH_FORMATS, type MeshFormat } from '@opposable/hand-training/choices';
import { InvalidArgumentError } from 'commander';

/** Number() that takes nothing for no number. */
function toNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

/** A whole number of at least `minimum`. */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = toNumber(text);
    if (!Number.isInteger(value) || value < minimum) {
      throw new InvalidArgumentError(`Expected a whole number of at least ${minimum}.`);
    }
    return value;
  };
}

/** Comma-separated whole numbers from 0 on. */
export function wholeNumbers(text: string): number[] {
  return text.split(',').map((part) => {
    const value = toNumber(part);
    if (!Number.isInteger(value) || value < 0) {
      throw new InvalidArgumentError('Expected whole numbers separated by commas, for example 0,50,100.');
    }
    return value;
  });
}

/** Comma-separated numbers, of which there must be `count` where that is given. */
export function numbers(count?: number): (text: string) => number[] {
  return (text) => {
    const values = text.split(',').map(toNumber);
    if (!values.every(Number.isFinite) || (count !== undefined && values.length !== count)) {
      const what = count === undefined ? 'numbers' : `${count} numbers`;
      throw new InvalidArgumentError(
        `Expected ${what} separated by commas, for example ${count === 3 ? '0,1.5,0' : '0.5,-1'}.`,
      );
    }
    return values;
  };
}

/** x,y,width,height */
export function box(text: string): [number, number, number, number] {
  const values = text.split(',').map(toNumber);
  const [x, y, width, height] = values;
  if (values.length !== 4 || !values.every(Number.isFinite) || !(width! > 0 && height! > 0)) {
    throw new InvalidArgumentError(
      'Expected x,y,width,height in pixels with a positive size, for example 40,60,120,140.',
    );
  }
  return [x!, y!, width!, height!];
}

/** Degrees, of any sign. */
export function degrees(text: string): number {
  const value = toNumber(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('Expected degrees as a number.');
  return value;
}

/** A number above 0. */
export function framesPerSecond(text: string): number {
  const value = toNumber(text);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('Expected frames per second, above 0.');
  return value;
}

/** i/n: one of n parts, from 1 */
export function shardOf(text: string): { index: number; count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index < 1 || index > count)
    throw new InvalidArgumentError('Expected i/n with 1 <= i <= n, for example 1/4.');
  return { index, count };
}

/** A number of bytes for people. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Comma-separated endings of mesh files, or "none". */
export function meshList(text: string): MeshFormat[] {
  const names = text === 'none' ? [] : text.split(',');
  const wrong = names.find((name) => !(MESH_FORMATS as readonly string[]).includes(name));
  if (wrong !== undefined) throw new InvalidArgumentError(`Expected some of ${MESH_FORMATS.join(', ')}, or none.`);
  return names as MeshFormat[];
}
