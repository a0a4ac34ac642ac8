import { sceneModule, type SceneExports } from '../generated/scene.js';
import { loadModule, MAXIMUM_PAGES } from '../native/load-module.js';
import type { Kernels } from './kernels.js';
import type { GrowableMemory } from './workspace.js';

/** The native inner loops on a memory of their own; undefined where the engine cannot run them. */
export function createWasmKernels(): { readonly kernels: Kernels; readonly memory: GrowableMemory } | undefined {
  const code = loadModule(sceneModule);
  if (code === undefined) return undefined;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES });
  const native = new WebAssembly.Instance(code, { env: { memory } }).exports as unknown as SceneExports;
  const at = (array: { readonly byteOffset: number }): number => array.byteOffset;

  const kernels: Kernels = {
    name: 'wasm',
    normals(arrays, vertices, faces) {
      native.normals(
        at(arrays.positions),
        at(arrays.faces),
        at(arrays.normals),
        vertices.from,
        vertices.to,
        faces.from,
        faces.to,
      );
    },
    gather(arrays, vertices, diffuse, has) {
      native.gather(
        at(arrays.positions),
        has.normals ? at(arrays.normals) : 0,
        at(arrays.colors),
        has.coordinates ? at(arrays.coordinates) : 0,
        has.uvs ? at(arrays.uvs) : 0,
        at(arrays.attributes),
        vertices.from,
        vertices.to,
        diffuse,
      );
    },
    project(arrays, count, { matrix, perspective, near }) {
      arrays.projection.set(matrix);
      const any = native.project(
        at(arrays.positions),
        count,
        at(arrays.projection),
        Number(perspective),
        near,
        at(arrays.screen),
        at(arrays.snapped),
        at(arrays.outside),
      );
      return any !== 0;
    },
    list(arrays, { from, to }, skipped, { matrix, perspective }, { columns, rows, bandRows }) {
      arrays.projection.set(matrix);
      native.list(
        at(arrays.faces),
        from,
        to,
        skipped,
        at(arrays.positions),
        at(arrays.snapped),
        at(arrays.projection),
        Number(perspective),
        at(arrays.planes),
        at(arrays.nearnessPlanes),
        at(arrays.corners),
        at(arrays.triangleIds),
        at(arrays.listed),
        at(arrays.bandStart),
        columns,
        rows,
        bandRows,
      );
    },
    rasterize(arrays, { columns, stride, rowStart, rowEnd }, from, to) {
      native.rasterize(
        at(arrays.binned),
        from,
        to,
        at(arrays.corners),
        at(arrays.triangleIds),
        at(arrays.screen),
        at(arrays.snapped),
        at(arrays.nearnessPlanes),
        at(arrays.nearness),
        at(arrays.visible),
        columns,
        stride,
        rowStart,
        rowEnd,
      );
    },
    rasterizeShadow(arrays, size, mapStart, triangles) {
      native.rasterizeDepth(
        at(arrays.shadowIds),
        triangles,
        at(arrays.faces),
        at(arrays.shadowScreen),
        at(arrays.shadowSnapped),
        at(arrays.shadowPlanes),
        at(arrays.shadowMaps) + 4 * mapStart,
        size,
      );
    },
    collect(arrays, { width, antialias, rowStart, rowEnd, columnStart, columnEnd }, stride) {
      return native.collect(
        at(arrays.visible),
        at(arrays.nearness),
        at(arrays.front),
        at(arrays.fragmentIds),
        at(arrays.fragmentPixels),
        at(arrays.fragmentSamples),
        at(arrays.fragmentColumns),
        at(arrays.fragmentRows),
        stride,
        width,
        antialias,
        rowStart,
        rowEnd,
        columnStart,
        columnEnd,
      );
    },
    interpolate(arrays, count, capacity) {
      native.interpolate(
        at(arrays.fragmentIds),
        at(arrays.fragmentColumns),
        at(arrays.fragmentRows),
        at(arrays.faces),
        at(arrays.faceMesh),
        at(arrays.planes),
        at(arrays.attributes),
        at(arrays.materials),
        at(arrays.fragments),
        count,
        capacity,
      );
    },
    shadow(arrays, count, capacity, lookup) {
      arrays.shadowTransform.set(lookup.transform);
      native.shadow(
        at(arrays.fragments),
        at(arrays.fragmentIds),
        at(arrays.shadowTransform),
        at(arrays.shadowMaps) + 4 * lookup.mapStart,
        at(arrays.fragments) + 4 * lookup.row * capacity,
        count,
        capacity,
        lookup.size,
        lookup.softness,
        lookup.bias,
        lookup.normalOffset,
        lookup.strength,
        lookup.turnedAway,
      );
    },
    light(arrays, count, capacity, { lights, perspective, harmonics, specular, wrap }) {
      native.light(
        at(arrays.fragments),
        at(arrays.fragmentIds),
        at(arrays.lights),
        at(arrays.irradiance),
        count,
        capacity,
        lights,
        Number(perspective),
        Number(harmonics),
        Number(specular),
        Number(wrap),
      );
    },
    composite(arrays, count, capacity, samplesPerPixel) {
      native.composite(
        at(arrays.fragments),
        at(arrays.fragmentPixels),
        at(arrays.fragmentSamples),
        at(arrays.pixels),
        at(arrays.linearOfByte),
        at(arrays.byteOfLinear),
        count,
        capacity,
        samplesPerPixel,
      );
    },
  };
  return { kernels, memory: growing(memory) };
}

/** A memory whose growth the workspace sees. */
function growing(memory: WebAssembly.Memory): GrowableMemory {
  return {
    get buffer() {
      return memory.buffer;
    },
    grow(pages) {
      memory.grow(pages);
    },
  };
}
