import { inspectKeypointOrder, keypointArrays, type OrderInspection } from '@opposable/hand-datasets';
import { ConfigError } from '@opposable/tensor-checks';
import type { Flags } from '../commands/inspect-order.js';
import { readInput } from '../inspect/read-input.js';

const VERDICTS: Readonly<Record<OrderInspection['verdict'], string>> = {
  sure: 'sure',
  likely: 'likely, not sure',
  unsure: 'UNSURE: no order fits clearly better than the others, or none looks like a hand',
};

function lines(
  path: string,
  total: number,
  { best, ratio, verdict, guesses, hands, dimension }: OrderInspection,
): string[] {
  // seen at an angle, a wrist is as near to the knuckles as the palm's centre
  const root = best.root === 'palm' && dimension === 3 ? ', the palm centre at the place of the wrist' : '';
  return [
    `${path === '' ? 'the array' : path}: ${total} ${total === 1 ? 'hand' : 'hands'} in ${dimension}D, ${hands} looked at`,
    `  order '${best.order}'${root}; ${VERDICTS[verdict]} (the second best is ${ratio.toFixed(2)} times as implausible)`,
    `  ${guesses.map(({ order, cost }) => `${order} ${cost.toFixed(2)}`).join(' · ')}`,
  ];
}

/** What `opposable inspect-order FILE` does. */
export async function inspectOrderAction(file: string, { field, hands: maxHands, json }: Flags): Promise<void> {
  const input = await readInput(file);
  const places = keypointArrays(input.contents);
  const wanted = field === undefined ? places : places.filter(({ path }) => path === field);
  if (wanted.length === 0) {
    const found = places.length > 0 ? `keypoints at ${places.map(({ path }) => path).join(', ')}` : 'none';
    throw new ConfigError(
      `${input.path}: expected arrays of 21 keypoints${field === undefined ? '' : ` at ${field}`}, found ${found}; accepted are [N, 21, 2 or 3], [N, 42], [N, 63] and [3, 21, N].`,
      { expected: field ?? '[N, 21, 2 | 3]', actual: places.map(({ path }) => path) },
    );
  }
  const results = wanted.map(({ path, dimension, points, hands }) => ({
    path,
    total: hands,
    ...inspectKeypointOrder(points, { dimension, maxHands }),
  }));
  const text = json
    ? JSON.stringify({ file: input.path, keypoints: results }, null, 2)
    : results.flatMap((result) => lines(result.path, result.total, result)).join('\n');
  process.stdout.write(`${text}\n`);
}
