import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { contactSheet, createSceneRenderer, encodePng, renderView, type RgbImage, turntable } from '@opposable/drawing';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import type { Flags } from '../commands/render.js';
import { loadMesh } from '../inspect/load-mesh.js';

/** What `opposable render MODEL|MESH --out DIR` does. */
export async function renderAction(given: string, { out, views, size, pitch, antialias }: Flags): Promise<void> {
  const { name, mesh } = await loadMesh(given);
  const renderer = createSceneRenderer();
  const options = { width: size, height: size, pitch: -pitch, antialias, renderer };
  const images = turntable(mesh, { ...options, views });
  const labels = images.map((_, k) => `${Math.round((360 * k) / views)} degrees`);
  const kinds = ['shaded', 'normals', ...(mesh.parts === undefined ? [] : (['parts'] as const)), 'depth'] as const;
  const outputs: RgbImage[] = [];
  for (const coloring of kinds) {
    for (const yaw of [0, 90, 180, 270]) outputs.push(renderView(mesh, { ...options, yaw, coloring }));
  }
  const counts = `${mesh.vertices.length / 3} vertices, ${mesh.faces.length / 3} faces`;
  const title = `${name.replace(/[^\x20-\x7e]/g, '?')}: ${counts}`;
  const files = {
    'turntable.png': contactSheet(images, { columns: Math.min(views, 4), labels, title }),
    'outputs.png': contactSheet(outputs, {
      columns: 4,
      labels: kinds.flatMap((kind) => [0, 90, 180, 270].map((yaw) => `${kind}, ${yaw} degrees`)),
      title,
    }),
  };
  await mkdir(out, { recursive: true });
  for (const [file, sheet] of Object.entries(files)) await writeFileAtomic(join(out, file), encodePng(sheet));
  process.stdout.write(
    `${name}: ${counts}\n${Object.keys(files)
      .map((file) => join(out, file))
      .join('\n')}\n`,
  );
}
