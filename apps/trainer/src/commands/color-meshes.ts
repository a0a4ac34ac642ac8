import { Command } from 'commander';

/** opposable color-meshes SCANS REGISTERED OUT */
export function colorMeshesCommand(signal: AbortSignal): Command {
  return new Command('color-meshes')
    .description(
      'Carry the vertex colours of raw scans to registered meshes by nearest vertex, files of the same name.',
    )
    .argument('<scans>', 'folder of coloured scans: OBJ with vertex colours, or PLY')
    .argument('<registered>', 'folder of meshes of one topology that lie on the scans: OBJ or PLY')
    .argument('<out>', 'folder for the coloured meshes, PLY; give it to synthesize as --colorings')
    .action(async (scans: string, registered: string, out: string) =>
      (await import('../actions/color-meshes.js')).colorMeshesAction(scans, registered, out, signal),
    );
}
