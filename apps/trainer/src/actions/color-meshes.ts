import { colorMeshes } from '@opposable/hand-synthesis/node';
import { workProgress } from '../work-progress.js';

/** What `opposable color-meshes SCANS REGISTERED OUT` does. */
export async function colorMeshesAction(
  scans: string,
  registered: string,
  out: string,
  signal: AbortSignal,
): Promise<void> {
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
}
