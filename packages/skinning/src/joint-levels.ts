/**
 * The joints of a tree by depth; within a depth, children stand in the order of their parents.
 *
 * @param parents parent of each joint, −1 for the root, a parent before its children
 * @returns one list of joints per depth, the root's first
 */
export function jointLevels(parents: ArrayLike<number>): number[][] {
  const levels: number[][] = [[0]];
  for (;;) {
    const above = levels.at(-1)!;
    const level = above.flatMap((parent) =>
      Array.from({ length: parents.length }, (_, j) => j).filter((j) => parents[j] === parent),
    );
    if (level.length === 0) return levels;
    levels.push(level);
  }
}
