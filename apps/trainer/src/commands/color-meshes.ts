import { Command } from 'commander';
import { colorMeshes } from '@opposable/hand-synthesis/node';
import { workProgress } from '../work-progress.js';

/** opposable color-meshes SCANS REGISTERED OUT */
export function colorMeshesCommand(signal: AbortSignal): Command {
  return new Command('color-meshes')
    .description(
      'Carry the vertex colours of raw scans to registered meshes by nearest vertex, files of the same name.',
    )
    .argument('<scans>', 'folder of coloured scans: OBJ with vertex colours, or PLY')
    .argument('<registered>', 'folder of meshes of one topology that lie on the scans: OBJ or PLY')
    .argument('<out>', 'folder for the coloured meshes, PLY; give it to synthesize as --colorings')
    .action(async (scans: string, registered: string, out: string) => {
      const progress = workProgress(process.stdout, 'colouring', 'meshes');
      const reports = await colorMeshes(scans, registered, out, {
        signal,
        onProgress: (work) => progress.update(work),
      }).finally(() => progress.end());
      for (const { name, vertices, distance } of reports) {
        const [mean, largest] = [distance.mean, distance.largest].map((value) => value.toPrecision(3));
        process.stdout.write(
          `${name}: ${vertices} vertices, nearest scanned ones ${mean} away on average, ${largest} at most\n`,
        );
      }
      process.stdout.write(`wrote ${reports.length} meshes to ${out}\n`);
    });
}
