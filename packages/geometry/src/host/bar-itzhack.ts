/**
 * Row-major [9, 16]: flattened R times this, plus the identity, is the flattened 4×4 matrix 4qqᵀ of the quaternion
 * q = (w, x, y, z) of R (Bar-Itzhack, "New method for extracting the quaternion from a rotation matrix", 2000).
 */
export const BAR_ITZHACK: readonly (readonly number[])[] = (() => {
  const signs = [
    [1, 1, 1],
    [1, -1, -1],
    [-1, 1, -1],
    [-1, -1, 1],
  ];
  // [row, column, list of (index into R, factor)] of the upper triangle
  const offDiagonal: [number, number, [number, number][]][] = [
    [
      0,
      1,
      [
        [7, 1],
        [5, -1],
      ],
    ],
    [
      0,
      2,
      [
        [2, 1],
        [6, -1],
      ],
    ],
    [
      0,
      3,
      [
        [3, 1],
        [1, -1],
      ],
    ],
    [
      1,
      2,
      [
        [1, 1],
        [3, 1],
      ],
    ],
    [
      1,
      3,
      [
        [2, 1],
        [6, 1],
      ],
    ],
    [
      2,
      3,
      [
        [5, 1],
        [7, 1],
      ],
    ],
  ];
  const table = Array.from({ length: 9 }, () => new Array<number>(16).fill(0));
  signs.forEach((row, i) => row.forEach((sign, axis) => (table[axis * 4]![i * 5] = sign)));
  for (const [row, column, terms] of offDiagonal) {
    for (const [index, factor] of terms) {
      table[index]![row * 4 + column] = factor;
      table[index]![column * 4 + row] = factor;
    }
  }
  return table;
})();
