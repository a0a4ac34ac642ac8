import { createRng } from '@opposable/tensor-checks';
import { synthesizeBackground } from '@opposable/hand-synthesis';
import { openPreparedDataset } from '@opposable/hand-datasets/node';
import { chooseBackend, findHand, loadHeatmapRun, MINIMUM_CONFIDENCE } from '@opposable/hand-training';

/** Images in a picture's middle, with the picture's size: as uncropped photographs have them. */
function embedded(image, background, part) {
  const { width, height } = background;
  const side = Math.round(part * height);
  const data = Uint8Array.from(background.data);
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = (Math.floor((y * image.height) / side) * image.width + Math.floor((x * image.width) / side)) * 3;
      data.set(image.data.subarray(from, from + 3), ((top + y) * width + left + x) * 3);
    }
  }
  return { width, height, data };
}

/** Share of pairs (hand, no hand) whose confidences are in the right order. */
function orderedShare(hands, empty) {
  const right = hands.map(
    (hand) => empty.filter((other) => other < hand).length + empty.filter((other) => other === hand).length / 2,
  );
  return right.reduce((sum, count) => sum + count, 0) / (hands.length * empty.length);
}

/**
 * Whether the confidence of the search tells pictures of hands from pictures without: held-back images, each in the middle of a
 * synthetic background, against backgrounds of the same size alone.
 */
export async function measureRejection(checkpoint, data, count, seed) {
  await chooseBackend('auto');
  const run = await loadHeatmapRun(checkpoint);
  const dataset = await openPreparedDataset(data);
  const rng = createRng(seed).split('rejection');
  const [hands, empty] = [[], []];
  try {
    for (let i = 0; i < count; i++) {
      const own = rng.split(i);
      const background = synthesizeBackground(own, { preset: 'realistic', size: 256 });
      const { image } = await dataset.load('test', i);
      empty.push((await findHand(run, background)).confidence);
      hands.push((await findHand(run, embedded(image, background, own.uniform(0.5, 1)))).confidence);
    }
  } finally {
    run.dispose();
  }
  const share = (list, keep) => (100 * list.filter(keep).length) / list.length;
  return {
    count,
    threshold: MINIMUM_CONFIDENCE,
    accepted: share(hands, (value) => value >= MINIMUM_CONFIDENCE),
    rejected: share(empty, (value) => value < MINIMUM_CONFIDENCE),
    ordered: orderedShare(hands, empty),
    median: [hands, empty].map((list) => [...list].sort((a, b) => a - b)[list.length >> 1]),
  };
}

export function describeRejection({ count, threshold, accepted, rejected, ordered, median }) {
  return `${count} held-back images in the middle of backgrounds of 256 pixels, and these backgrounds alone, searched from coarse to
fine: ${accepted.toFixed(1)} % of the hands have a confidence of at least ${threshold} (median ${median[0].toFixed(2)}), ${rejected.toFixed(1)} % of the backgrounds less
(median ${median[1].toFixed(2)}). Of all pairs, ${(100 * ordered).toFixed(1)} % are in the right order.`;
}
