import { vertexNormals } from '../mesh/vertex-normals.js';
import { collectFragments } from './kernels/collect-fragments.js';
import { compositeFragments } from './kernels/composite-fragments.js';
import { gatherAttributes } from './kernels/gather-attributes.js';
import { interpolateFragments } from './kernels/interpolate-fragments.js';
import { lightFragments } from './kernels/light-fragments.js';
import { listFaces } from './kernels/list-faces.js';
import { lookUpShadow } from './kernels/look-up-shadow.js';
import { rasterizeTriangle } from './kernels/rasterize-triangle.js';
import type { Kernels } from './kernels.js';
import { projectVertices } from './screen-vertices.js';

/** The inner loops in plain TypeScript: the reference for the native ones, and what runs where WebAssembly has no SIMD. */
export const typescriptKernels: Kernels = {
  name: 'typescript',
  normals({ positions, normals, faces }, vertices, span) {
    const own = positions.subarray(vertices.from * 3, vertices.to * 3);
    const corners = faces.subarray(span.from * 3, span.to * 3);
    const local = vertices.from === 0 ? corners : corners.map((v) => v - vertices.from);
    vertexNormals(own, local, normals.subarray(vertices.from * 3, vertices.to * 3));
  },
  gather: gatherAttributes,
  project: (arrays, count, projection) => projectVertices(arrays.positions, count, projection, arrays, arrays.outside),
  list: listFaces,
  rasterize(arrays, grid, from, to) {
    const { corners, binned, triangleIds, screen, snapped, nearnessPlanes, nearness, visible } = arrays;
    const { columns, stride, rowStart, rowEnd } = grid;
    const target = { columns, stride, rowStart, rowEnd, offset: 0, nearness, visible };
    const source = { screen, snapped, planes: nearnessPlanes };
    for (let i = from; i < to; i++) {
      const t = binned[i]!;
      const a = corners[3 * t]!;
      const b = corners[3 * t + 1]!;
      const c = corners[3 * t + 2]!;
      rasterizeTriangle(target, source, a, b, c, triangleIds[t]!);
    }
  },
  rasterizeShadow(arrays, size, mapStart, triangles) {
    const { faces, shadowIds, shadowScreen, shadowSnapped, shadowPlanes, shadowMaps } = arrays;
    const target = {
      ...{ columns: size, stride: size, rowStart: 0, rowEnd: size },
      ...{ offset: mapStart, nearness: shadowMaps, visible: undefined },
    };
    const source = { screen: shadowScreen, snapped: shadowSnapped, planes: shadowPlanes };
    for (let i = 0; i < triangles; i++) {
      const f = shadowIds[i]! >> 1;
      rasterizeTriangle(target, source, faces[3 * f]!, faces[3 * f + 1]!, faces[3 * f + 2]!, shadowIds[i]!);
    }
  },
  collect: collectFragments,
  interpolate: interpolateFragments,
  shadow: lookUpShadow,
  light: lightFragments,
  composite: compositeFragments,
};
