import { mkdir, readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { writeFileAtomic } from '@opposable/hand-datasets/node';
import { writePly } from '@opposable/mano-layer/files';
import { DatasetError } from '@opposable/tensor-checks';
import { transferColors } from '../colorings/transfer-colors.js';
import { MESH_ENDINGS, readColoredMesh } from './read-colored-mesh.js';

export interface ColorMeshesOptions {
  /** Called after every mesh. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One registered mesh with its colours. */
export interface ColoredMeshReport {
  readonly name: string;
  readonly out: string;
  readonly vertices: number;
  /** Distances between vertices and the scanned ones that gave their colour, in the files' unit. */
  readonly distance: { readonly mean: number; readonly largest: number };
}

/** Mesh files of a folder by name without ending. */
async function meshesIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new DatasetError(`colorMeshes: expected a folder of ${MESH_ENDINGS.join(' or ')} files, got ${folder}.`, {
      expected: 'a folder',
      actual: folder,
      cause,
    });
  });
  const meshes = new Map<string, string>();
  for (const name of names.sort()) {
    const ending = extname(name);
    if ((MESH_ENDINGS as readonly string[]).includes(ending.toLowerCase())) meshes.set(basename(name, ending), name);
  }
  return meshes;
}

/**
 * Carries the vertex colours of raw scans to registered meshes by nearest vertex, file by file: REGISTERED/x.ply takes the
 * colours of SCANS/x.obj or SCANS/x.ply and is written to OUT/x.ply.
 *
 * @param scans folder of coloured scans, OBJ with vertex colours or PLY
 * @param registered folder of meshes of one topology that lie on the scans
 * @param out folder for the coloured meshes, made if need be
 * @throws DatasetError if a folder has no mesh, a mesh has no scan, or a scan has no colours; FileFormatError for a file
 *   that cannot be read. Files before it stay written.
 */
export async function colorMeshes(
  scans: string,
  registered: string,
  out: string,
  { onProgress, signal }: ColorMeshesOptions = {},
): Promise<ColoredMeshReport[]> {
  const [sources, targets] = [await meshesIn(scans), await meshesIn(registered)];
  if (targets.size === 0) {
    throw new DatasetError(`colorMeshes: expected .obj or .ply files in ${registered}, found none.`, { actual: 0 });
  }
  const lost = [...targets.keys()].filter((name) => !sources.has(name));
  if (lost.length > 0) {
    throw new DatasetError(
      `colorMeshes: expected a scan of the same name for every mesh, found none for ${lost.slice(0, 5).join(', ')} in ${scans}.`,
      { expected: 'NAME.obj or NAME.ply', actual: lost },
    );
  }
  await mkdir(out, { recursive: true });
  const reports: ColoredMeshReport[] = [];
  for (const [name, file] of targets) {
    signal?.throwIfAborted();
    const scan = await readColoredMesh(join(scans, sources.get(name)!));
    const mesh = await readColoredMesh(join(registered, file));
    if (scan.colors === undefined) {
      throw new DatasetError(`colorMeshes: expected ${join(scans, sources.get(name)!)} to have vertex colours.`, {});
    }
    const { colors, distances } = transferColors({ vertices: scan.vertices, colors: scan.colors }, mesh.vertices);
    const path = join(out, `${name}.ply`);
    await writeFileAtomic(
      path,
      writePly({ vertices: mesh.vertices, faces: mesh.faces, colors }, { frame: 'y-up', name }),
    );
    const mean = distances.reduce((sum, value) => sum + value / distances.length, 0);
    const largest = distances.reduce((most, value) => Math.max(most, value), 0);
    reports.push({ name, out: path, vertices: distances.length, distance: { mean, largest } });
    onProgress?.({ done: reports.length, total: targets.size });
  }
  return reports;
}

/**
 * The colours of a folder of coloured meshes, as `colorMeshes` writes them, for the option `colorings`.
 *
 * @param vertexCount of the hand that they belong to
 * @throws DatasetError if there is none, or one of another size or without colours
 */
export async function readColorings(folder: string, vertexCount: number): Promise<Float64Array[]> {
  const files = [...(await meshesIn(folder)).values()];
  if (files.length === 0)
    throw new DatasetError(`readColorings: expected .obj or .ply files in ${folder}, found none.`);
  const colorings: Float64Array[] = [];
  for (const file of files) {
    const { vertices, colors } = await readColoredMesh(join(folder, file));
    if (colors === undefined || vertices.length !== 3 * vertexCount) {
      const found = colors === undefined ? 'no colours' : `${vertices.length / 3} vertices`;
      throw new DatasetError(
        `readColorings: expected ${join(folder, file)} to have ${vertexCount} vertices with colours, it has ${found}.`,
        { expected: vertexCount, actual: vertices.length / 3 },
      );
    }
    colorings.push(colors);
  }
  return colorings;
}
