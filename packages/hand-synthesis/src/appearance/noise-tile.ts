import { createRng } from '@opposable/tensor-checks';

/** Side of the tile, a power of two, so that places wrap by a bit mask. */
export const NOISE_TILE_SIDE = 256;

let tile: Float32Array | undefined;

/** Smooth noise of seven octaves in −1 … 1 that repeats without a seam; made once, looked at from random places. */
export function noiseTile(): Float32Array {
  if (tile !== undefined) return tile;
  const rng = createRng('noise tile');
  const side = NOISE_TILE_SIDE;
  const sum = new Float32Array(side * side);
  let amplitude = 1;
  for (let cells = 2; cells <= side / 2; cells *= 2) {
    const grid = new Float32Array(cells * cells).map(() => rng.uniform(-1, 1));
    const step = side / cells;
    for (let y = 0, i = 0; y < side; y++) {
      const row = Math.floor(y / step);
      const v = y / step - row;
      const sy = v * v * (3 - 2 * v);
      const [top, bottom] = [row * cells, ((row + 1) % cells) * cells];
      for (let x = 0; x < side; x++, i++) {
        const column = Math.floor(x / step);
        const u = x / step - column;
        const sx = u * u * (3 - 2 * u);
        const next = (column + 1) % cells;
        const above = grid[top + column]! + sx * (grid[top + next]! - grid[top + column]!);
        const below = grid[bottom + column]! + sx * (grid[bottom + next]! - grid[bottom + column]!);
        sum[i]! += amplitude * (above + sy * (below - above));
      }
    }
    amplitude *= 0.62;
  }
  let largest = 0;
  for (const value of sum) largest = Math.max(largest, Math.abs(value));
  tile = sum.map((value) => value / largest);
  return tile;
}

let bytes: Int8Array | undefined;

/** The same tile in steps of 1/127: what is looked up at random stays in the cache. */
export function noiseTileBytes(): Int8Array {
  return (bytes ??= Int8Array.from(noiseTile().map((value) => Math.round(127 * value))));
}
