/** Lists behind each other: entry i is `items[starts[i] … starts[i + 1] − 1]`. */
interface ListsLike {
  readonly starts: readonly number[];
  readonly items: readonly number[];
}

export interface InverseRequest {
  readonly jointCount: number;
  readonly featureCount: number;
  readonly rowCount: number;
  /** Joints by vertex. */
  readonly weights: ListsLike;
  /** Features by block, of which the first `counts` are real. */
  readonly lists: readonly Int32Array[];
  readonly counts: Int32Array;
  /** Rows of points by vertex. */
  readonly vertexTerms: ListsLike;
}

/** Pairs of numbers by target. */
function collect(count: number, fill: (put: (target: number, first: number, second: number) => void) => void) {
  const starts = new Int32Array(count + 1);
  fill((target) => starts[target + 1]!++);
  for (let target = 0; target < count; target++) starts[target + 1]! += starts[target]!;
  const next = starts.slice(0, count);
  const pairs = new Int32Array(2 * starts[count]!);
  fill((target, first, second) => {
    const at = 2 * next[target]!++;
    pairs[at] = first;
    pairs[at + 1] = second;
  });
  return { starts, pairs };
}

/** Places of `items` by what they name: pairs of the owner and the place. */
const byItem = (count: number, { starts, items }: ListsLike) =>
  collect(count, (put) => {
    for (let owner = 0; owner + 1 < starts.length; owner++) {
      for (let place = starts[owner]!; place < starts[owner + 1]!; place++) put(items[place]!, owner, place);
    }
  });

/**
 * The lists of the packed model the other way round, for kernels that gather: where thousands of threads may not add to one
 * place, each place is added up by one thread.
 *
 * @returns in the order of the table: by joint [vertex, place of the weight], by feature [block, place of its 24 numbers of
 *   the basis], by row of points [vertex, place of the weight]; of each where the lists start, then the pairs
 */
export function inverseLists({
  jointCount,
  featureCount,
  rowCount,
  weights,
  lists,
  counts,
  vertexTerms,
}: InverseRequest) {
  const joints = byItem(jointCount, weights);
  const features = collect(featureCount, (put) => {
    let start = 0;
    lists.forEach((list, block) => {
      for (let k = 0; k < counts[block]!; k++) put(list[k]!, block, start + k);
      start += list.length;
    });
  });
  const rows = byItem(rowCount, vertexTerms);
  return {
    ...{ jointStarts: joints.starts, jointPairs: joints.pairs },
    ...{ featureStarts: features.starts, featurePairs: features.pairs },
    ...{ rowStarts: rows.starts, rowPairs: rows.pairs },
  };
}
