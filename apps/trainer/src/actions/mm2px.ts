import { writeNpz } from '@opposable/array-files';
import { readers, writeFileAtomic } from '@opposable/hand-datasets/node';
import type { Flags } from '../commands/mm2px.js';
import { bytesText } from '../options.js';

/** What `opposable mm2px STB_ROOT --out FILE.npz` does. */
export async function mm2pxAction(root: string, { out, cameras, root: first }: Flags): Promise<void> {
  const stream = readers.stb(root, { cameras, root: first });
  const frames = new Map<string, Float64Array[]>();
  for await (const { keypoints, image, sequence } of stream.records()) {
    // images/B1Counting/BB_left_12.png
    const [, camera, frame] = /([^/]+)_(\d+)\.png$/.exec(image)! as unknown as [string, string, string];
    const name = `${sequence}_${camera}`;
    const list = frames.get(name) ?? [];
    frames.set(name, list);
    list[Number(frame)] = keypoints;
  }
  const arrays = [...frames].map(([name, rows]) => {
    const data = new Float64Array(rows.length * 42).fill(NaN); // a frame that was dropped stays so
    rows.forEach((row, i) => data.set(row, 42 * i));
    return [name, { shape: [rows.length, 21, 2], data }] as const;
  });
  const bytes = writeNpz(Object.fromEntries(arrays), { compression: 'deflate' });
  await writeFileAtomic(out, bytes);
  const { read, dropped, problems } = stream.report;
  process.stdout.write(`${out}: ${arrays.length} arrays, ${read} frames, order 'stereo', ${bytesText(bytes.length)}\n`);
  for (const [reason, count] of Object.entries(dropped))
    process.stdout.write(`left out: ${count} ${reason}; frames of a sequence that is there are NaN then\n`);
  for (const { message } of problems.slice(0, 10)) process.stdout.write(`  ${message}\n`);
}
