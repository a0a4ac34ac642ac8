import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { contactSheet, createSceneRenderer, encodePng, renderView, type RgbImage, turntable } from '@opposable/drawing';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { loadMesh } from '../inspect/load-mesh.js';
import { degrees, wholeNumber } from '../options.js';

interface Flags {
  out: string;
  views: number;
  size: number;
  pitch: number;
  antialias: number;
}

/** opposable render MODEL|MESH --out DIR */
export function renderCommand(): Command {
  return new Command('render')
    .description('Draw a mesh or the template of a model from all around: colour, normals, parts and depth.')
    .argument('<mesh>', 'a GLB, OBJ or PLY file, any model file that inspect reads, or open-hand')
    .requiredOption('--out <dir>', 'folder for turntable.png and outputs.png')
    .option('--views <n>', 'pictures all around', wholeNumber(1), 8)
    .addOption(new Option('--size <px>', 'side of one picture').argParser(wholeNumber(16)).default(256))
    .option('--pitch <degrees>', 'look from above (positive) or below', degrees, 15)
    .option('--antialias <n>', 'samples per pixel and axis, 1 … 8', wholeNumber(1), 3)
    .action(async (given: string, { out, views, size, pitch, antialias }: Flags) => {
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
    });
}
