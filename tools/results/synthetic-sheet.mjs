/** docs/images/synthetic-hands.jpg: the first 100 hands of the preset `realistic`, to be looked at next to photographs. */
import { contactSheet } from '@opposable/drawing';
import { writeImage } from '@opposable/hand-datasets/node';
import { streamHands } from '@opposable/hand-synthesis/node';
import { fileURLToPath } from 'node:url';

const images = [];
for await (const { image } of streamHands({ seed: 1, count: 100, size: 128, preset: 'realistic' })) images.push(image);
const path = fileURLToPath(new URL('../../docs/images/synthetic-hands.jpg', import.meta.url));
await writeImage(path, contactSheet(images, { columns: 10 }), { quality: 85 });
