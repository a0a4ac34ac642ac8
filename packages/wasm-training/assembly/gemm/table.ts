import { ROWS } from './tile';

/** Rows of a tile in this build, for the sizes of tables. */
export function tileRows(): i32 {
  return ROWS;
}

/** Byte offsets start, start + step, … for `count` rows. */
export function linearTable(table: usize, start: usize, step: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    store<u32>(table + (i << 2), start as u32);
    start += step;
  }
}

/**
 * Byte offsets of the pixels of `planes` grids of rows × columns, row by row.
 *
 * @returns the number of entries
 */
export function gridTable(
  table: usize,
  start: usize,
  planes: i32,
  planeStep: usize,
  rows: i32,
  rowStep: usize,
  columns: i32,
  columnStep: usize,
): i32 {
  let to = table;
  for (let n = 0; n < planes; n++) {
    let line = start + n * planeStep;
    for (let i = 0; i < rows; i++) {
      let at = line;
      for (let j = 0; j < columns; j++) {
        store<u32>(to, at as u32);
        to += 4;
        at += columnStep;
      }
      line += rowStep;
    }
  }
  return planes * rows * columns;
}

/** Fills a table up to whole tiles with one offset. */
export function fillTable(table: usize, count: i32, at: usize): void {
  for (; count % ROWS != 0; count++) store<u32>(table + (count << 2), at as u32);
}

/**
 * Copies `count` images' rows [firstRow, firstRow + rows) into a frame of zeros: out[n, i, j] = x[n, firstRow + i, j − left].
 *
 * @param x first byte of the first image
 * @param firstRow may be negative; rows outside the image are zeros
 * @param pixelBytes of all channels of one pixel
 * @param outColumns pixels of a row of the frame
 */
export function padImages(
  x: usize,
  count: i32,
  height: i32,
  width: i32,
  pixelBytes: usize,
  out: usize,
  firstRow: i32,
  rows: i32,
  left: i32,
  outColumns: i32,
): void {
  const lineBytes = width * pixelBytes;
  const outLineBytes = outColumns * pixelBytes;
  const skip = max(0, -left);
  const before = min(max(0, left), outColumns);
  const inside = max(0, min(width - skip, outColumns - before));
  const begin = before * pixelBytes;
  const end = begin + inside * pixelBytes;
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < rows; i++) {
      const row = firstRow + i;
      if (row < 0 || row >= height) {
        memory.fill(out, 0, outLineBytes);
      } else {
        memory.fill(out, 0, begin);
        memory.copy(out + begin, x + row * lineBytes + skip * pixelBytes, end - begin);
        memory.fill(out + end, 0, outLineBytes - end);
      }
      out += outLineBytes;
    }
    x += height * lineBytes;
  }
}

/**
 * What is added to the offset of a row after each of its numbers: runs of `run` neighbouring numbers, then a jump.
 *
 * @param runStep from the start of one run to the start of the next
 * @param groups of `runs` runs, `groupStep` from one to the next
 */
export function stepTable(table: usize, groups: i32, groupStep: usize, runs: i32, runStep: usize, run: i32): void {
  for (let g = 0; g < groups; g++) {
    for (let r = 0; r < runs; r++) {
      for (let i = 0; i < run; i++, table += 4) store<u32>(table, 4);
      store<u32>(table - 4, (runStep - ((run - 1) << 2)) as u32);
    }
    store<u32>(table - 4, (groupStep - (runs - 1) * runStep - ((run - 1) << 2)) as u32);
  }
}

/** Steps through `count` neighbouring numbers. */
export function fillSteps(table: usize, count: i32): void {
  for (let i = 0; i < count; i++) store<u32>(table + (i << 2), 4);
}
