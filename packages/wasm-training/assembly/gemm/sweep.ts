import { addPackedTile, addRowsTile, packedTile, ROWS, rowsTile } from './tile';

// A result whose columns do not fill a panel, or whose rows do not fill a tile, goes through a tile in working memory first.

/** Offsets in working memory: a table of ROWS rows of 8 numbers, the rows, 8 zeros. */
const TAIL_ROWS: usize = 32;
const ZEROS: usize = 32 + 6 * 32;

/** Bytes of working memory of a sweep. */
export function sweepWork(): i32 {
  return 32 + 7 * 32;
}

function prepareWork(work: usize): void {
  for (let i = 0; i < ROWS; i++) store<u32>(work + (i << 2), (work + TAIL_ROWS + (i << 5)) as u32);
  v128.store(work + ZEROS, f32x4.splat(0));
  v128.store(work + ZEROS, f32x4.splat(0), 16);
}

function storeTail(work: usize, c: usize, rows: i32, column: usize, columns: i32, accumulate: i32): void {
  const bytes = (columns as usize) << 2;
  for (let i = 0; i < rows; i++) {
    const from = work + TAIL_ROWS + (i << 5);
    const to = (load<u32>(c + (i << 2)) as usize) + column;
    for (let j: usize = 0; j < bytes; j += 4) {
      const x = load<f32>(from + j);
      store<f32>(to + j, accumulate ? x + load<f32>(to + j) : x);
    }
  }
}

/**
 * result[row, :] = start + Σ row's numbers · packed panels, or added to the old result, for rows anywhere in memory.
 *
 * @param a table of byte offsets of `rows` rows, filled up to whole tiles with any row
 * @param c table of the result's rows, filled up to whole tiles with a row that nobody reads
 * @param tap added to the offsets of the rows
 * @param steps table of what is added to them after each of the `k` numbers
 * @param b panels of 8 columns, `panelBytes` apart
 * @param n columns of the result
 * @param accumulate whether to add to the old result
 * @param start n numbers up to whole panels, or 0 for zeros
 * @param work `sweepWork()` bytes
 */
export function sweepRows(
  a: usize,
  c: usize,
  rows: i32,
  tap: usize,
  steps: usize,
  k: i32,
  b: usize,
  panelBytes: usize,
  n: i32,
  accumulate: i32,
  start: usize,
  work: usize,
): void {
  prepareWork(work);
  let column: usize = 0;
  let from = start ? start : work + ZEROS;
  for (let left = n; left > 0; left -= 8) {
    if (left < 8) {
      for (let i = 0; i < rows; i += ROWS) {
        rowsTile(a + (i << 2), tap, steps, k, b, work, 0, accumulate ? work + ZEROS : from);
        storeTail(work, c + (i << 2), min(ROWS, rows - i), column, left, accumulate);
      }
    } else if (accumulate) {
      for (let i = 0; i < rows; i += ROWS) addRowsTile(a + (i << 2), tap, steps, k, b, c + (i << 2), column);
    } else {
      for (let i = 0; i < rows; i += ROWS) rowsTile(a + (i << 2), tap, steps, k, b, c + (i << 2), column, from);
    }
    b += panelBytes;
    column += 32;
    if (start) from += 32;
  }
}

/** The same for one tile of packed rows, starting from zeros; {@link prepareWork} must have been called. */
function sweepPacked(
  a: usize,
  k: i32,
  c: usize,
  rows: i32,
  b: usize,
  panelBytes: usize,
  n: i32,
  accumulate: i32,
  work: usize,
): void {
  let column: usize = 0;
  for (let left = n; left > 0; left -= 8) {
    if (left < 8 || rows < ROWS) {
      packedTile(a, k, b, work, 0, work + ZEROS);
      storeTail(work, c, rows, column, min(left, 8), accumulate);
    } else if (accumulate) {
      addPackedTile(a, k, b, c, column);
    } else {
      packedTile(a, k, b, c, column, work + ZEROS);
    }
    b += panelBytes;
    column += 32;
  }
}

/** ROWS numbers of each of `k` rows given by a table, one behind the other. */
function packRows(table: usize, offset: usize, k: i32, to: usize): void {
  const end = table + ((k as usize) << 2);
  for (; table < end; table += 4) {
    const from = (load<u32>(table) as usize) + offset;
    v128.store(to, v128.load(from));
    if (ROWS == 6) store<u64>(to, load<u64>(from, 16), 16);
    else store<u32>(to, load<u32>(from, 16), 16);
    to += ROWS << 2;
  }
}

/** The same for fewer numbers, zeros for the rest. */
function packFewRows(table: usize, offset: usize, k: i32, count: i32, to: usize): void {
  const end = table + ((k as usize) << 2);
  for (; table < end; table += 4) {
    const from = (load<u32>(table) as usize) + offset;
    for (let i = 0; i < ROWS; i++) store<f32>(to + (i << 2), i < count ? load<f32>(from + (i << 2)) : 0);
    to += ROWS << 2;
  }
}

/**
 * out[i, :] (+)= Σ over rows of row[tap + i] · packed row, for i below `length`: the left matrix transposed, its rows anywhere.
 *
 * @param table byte offsets of `k` rows
 * @param b `k` rows packed into panels of 8 columns
 * @param out first of `length` rows of n numbers, `outStride` bytes apart
 * @param panel room for ROWS · k numbers
 * @param rowTable room for a table of ROWS entries
 * @param work `sweepWork()` bytes
 */
export function sweepTransposed(
  table: usize,
  k: i32,
  tap: usize,
  length: i32,
  b: usize,
  panelBytes: usize,
  n: i32,
  out: usize,
  outStride: usize,
  accumulate: i32,
  panel: usize,
  rowTable: usize,
  work: usize,
): void {
  prepareWork(work);
  for (let i = 0; i < length; i += ROWS) {
    const rows = min(ROWS, length - i);
    if (rows == ROWS) packRows(table, tap + (i << 2), k, panel);
    else packFewRows(table, tap + (i << 2), k, rows, panel);
    for (let j = 0; j < rows; j++) store<u32>(rowTable + (j << 2), (out + (i + j) * outStride) as u32);
    sweepPacked(panel, k, rowTable, rows, b, panelBytes, n, accumulate, work);
  }
}
