import type { GrayImage, RgbImage } from '../types.js';
import type { MeshRange } from './gather-meshes.js';
import type { PixelBlock } from './kernels.js';
import type { SceneOutput, SceneOutputs } from './types.js';
import { ATTRIBUTES, type WorkspaceArrays } from './workspace.js';

type Writable = { -readonly [K in keyof SceneOutputs]?: SceneOutputs[K] };

/** Arrays for what is wanted, those of an earlier result where they fit, filled with what stands for nothing. */
export function prepareOutputs(
  wanted: readonly SceneOutput[],
  width: number,
  height: number,
  meshes: number,
  into: Partial<SceneOutputs>,
): Writable {
  const pixels = width * height;
  const out: Writable = {};
  const sized = <T extends { readonly length: number }>(array: T | undefined, length: number, make: () => T): T =>
    array !== undefined && array.length === length ? array : make();
  const gray = (image: GrayImage | undefined): GrayImage => {
    const fits = image !== undefined && image.width === width && image.height === height;
    if (fits) image.data.fill(0);
    return fits ? image : { width, height, data: new Uint8Array(pixels) };
  };
  for (const name of wanted) {
    if (name === 'color') {
      const fits = into.color?.width === width && into.color.height === height;
      out.color = fits ? into.color : ({ width, height, data: new Uint8Array(pixels * 3) } satisfies RgbImage);
    } else if (name === 'mask') out.mask = gray(into.mask);
    else if (name === 'objectMasks') {
      out.objectMasks = Array.from({ length: meshes }, (_, m) => gray(into.objectMasks?.[m]));
    } else if (name === 'depth') {
      out.depth = sized(into.depth, pixels, () => new Float32Array(pixels)).fill(Infinity);
    } else if (name === 'normals') {
      out.normals = sized(into.normals, pixels * 3, () => new Float32Array(pixels * 3)).fill(0);
    } else if (name === 'parts') out.parts = sized(into.parts, pixels, () => new Int16Array(pixels)).fill(-1);
    else if (name === 'objects') out.objects = sized(into.objects, pixels, () => new Int16Array(pixels)).fill(-1);
    else if (name === 'faces') out.faces = sized(into.faces, pixels, () => new Int32Array(pixels)).fill(-1);
    else if (name === 'vertices') out.vertices = sized(into.vertices, pixels, () => new Int32Array(pixels)).fill(-1);
    else out.barycentrics = sized(into.barycentrics, pixels * 3, () => new Float32Array(pixels * 3)).fill(0);
  }
  return out;
}

/** Coverage of the pixels of a band, of all meshes and of each. */
export function writeMasks(
  out: Writable,
  arrays: WorkspaceArrays,
  count: number,
  samplesPerPixel: number,
  bytes: Uint8Array,
): void {
  const { mask, objectMasks } = out;
  const { fragmentPixels, fragmentSamples, fragmentIds, faceMesh } = arrays;
  if (mask !== undefined) {
    for (let i = 0; i < count;) {
      const pixel = fragmentPixels[i]!;
      let covered = 0;
      for (; i < count && fragmentPixels[i] === pixel; i++) covered += fragmentSamples[i]!;
      mask.data[pixel] = bytes[covered]!;
    }
  }
  if (objectMasks === undefined) return;
  // first samples (at most 64), then bytes: a pixel may hold many fragments of one mesh
  for (let i = 0; i < count; i++) {
    objectMasks[faceMesh[fragmentIds[i]! >> 1]!]!.data[fragmentPixels[i]!]! += fragmentSamples[i]!;
  }
  let previous = -1;
  for (let i = 0; i < count; i++) {
    const pixel = fragmentPixels[i]!;
    if (pixel === previous) continue;
    previous = pixel;
    for (const { data } of objectMasks) data[pixel] = bytes[data[pixel]!]!;
  }
  if (samplesPerPixel > 64) throw new RangeError('writeMasks: too many samples for a byte.');
}

/** What the nearest sample of each pixel of a band shows, calculated anew in float64 at that sample. */
export function writeSurfaces(
  out: Writable,
  arrays: WorkspaceArrays,
  ranges: readonly MeshRange[],
  block: PixelBlock,
  stride: number,
): void {
  const { depth, normals, parts, objects, faces: faceIds, vertices, barycentrics } = out;
  const { front, visible, faceMesh, planes, faces, attributes } = arrays;
  const { width, antialias, rowStart, rowEnd, columnStart, columnEnd } = block;
  for (let row = rowStart; row < rowEnd; row++) {
    for (let column = columnStart; column < columnEnd; column++) {
      const sample = front[(row - rowStart) * width + column]!;
      if (sample < 0) continue;
      const pixel = row * width + column;
      const id = visible[sample]!;
      const face = id >> 1;
      const sampleRow = Math.floor(sample / stride);
      const x = sample - sampleRow * stride;
      const y = sampleRow + rowStart * antialias;
      const index = faceMesh[face]!;
      const { mesh, vertexStart, faceStart } = ranges[index]!;
      if (objects !== undefined) objects[pixel] = index;
      if (faceIds !== undefined) faceIds[pixel] = face - faceStart;
      const p = 9 * face;
      const wa = Math.max(0, planes[p]! + x * planes[p + 1]! + y * planes[p + 2]!);
      const wb = Math.max(0, planes[p + 3]! + x * planes[p + 4]! + y * planes[p + 5]!);
      const wc = Math.max(0, planes[p + 6]! + x * planes[p + 7]! + y * planes[p + 8]!);
      const sum = wa + wb + wc;
      const la = sum > 0 ? wa / sum : 1;
      const lb = sum > 0 ? wb / sum : 0;
      const lc = sum > 0 ? wc / sum : 0;
      if (barycentrics !== undefined) {
        barycentrics[3 * pixel] = la;
        barycentrics[3 * pixel + 1] = lb;
        barycentrics[3 * pixel + 2] = lc;
      }
      const a = faces[3 * face]!;
      const b = faces[3 * face + 1]!;
      const c = faces[3 * face + 2]!;
      if (depth !== undefined) {
        const z = 10; // of ATTRIBUTES
        depth[pixel] =
          la * attributes[a * ATTRIBUTES + z]! +
          lb * attributes[b * ATTRIBUTES + z]! +
          lc * attributes[c * ATTRIBUTES + z]!;
      }
      const nearestCorner = (la >= lb && la >= lc ? a : lb >= lc ? b : c) - vertexStart;
      if (vertices !== undefined) vertices[pixel] = nearestCorner;
      if (parts !== undefined) parts[pixel] = mesh.parts === undefined ? 0 : mesh.parts[nearestCorner]!;
      if (normals !== undefined) {
        const value = (k: number) =>
          la * attributes[a * ATTRIBUTES + k]! +
          lb * attributes[b * ATTRIBUTES + k]! +
          lc * attributes[c * ATTRIBUTES + k]!;
        const nx = value(0);
        const ny = value(1);
        const nz = value(2);
        const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
        const scale = length > 0 ? ((id & 1) === 1 ? -1 : 1) / length : 0;
        normals[3 * pixel] = nx * scale;
        normals[3 * pixel + 1] = ny * scale;
        normals[3 * pixel + 2] = nz * scale;
      }
    }
  }
}
