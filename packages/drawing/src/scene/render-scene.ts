import type { Camera } from '../types.js';
import { checkCamera, checkMesh, checkOptions, checkShadow } from './check-scene.js';
import { compileLights } from './compile-lights.js';
import { gatherMeshes, meshRanges } from './gather-meshes.js';
import type { Kernels, LightCounts, PixelBlock, ShadowLookup } from './kernels.js';
import { listTriangles } from './list-triangles.js';
import { prepareOutputs, writeMasks, writeSurfaces } from './scene-outputs.js';
import { sampleProjection } from './screen-vertices.js';
import { shadeSurfaces } from './shade-surfaces.js';
import { drawShadowMap, shadowMapSize } from './shadow-map.js';
import type { RenderSceneOptions, Scene, SceneLight, SceneOutput, SceneOutputs } from './types.js';
import { FIELD, FRAGMENT_FIELDS, LIGHT_FIELDS, MATERIAL_FIELDS, type Workspace } from './workspace.js';

/** Default options and light of a scene. */
export const RENDER_SCENE_DEFAULTS = {
  background: [0, 0, 0],
  lights: [{ kind: 'directional', direction: [0.4, 0.5, 1], intensity: 0.75 }],
  ambient: 0.35,
  shading: 'smooth',
  antialias: 1,
  near: 1e-3,
  outputs: ['color', 'mask', 'depth'],
} as const;

/** Samples of a band: what stays in the cache of one core. 16384, 8192 and 4096 were no faster. */
const BAND_SAMPLES = 32768;

/**
 * Numbers between the rows of `fragments`. Without them the rows begin a power of two apart and share the same lines of the
 * cache: a plain hand at 128 pixels, 2 × 2 samples, took 1.14 ms of processor time instead of 0.67 ms.
 */
const ROW_GAP = 48;

/** Milliseconds; every engine has this clock, whatever its types say. */
const now = (): number => (globalThis as unknown as { performance: { now(): number } }).performance.now();

/** Steps: check, project, shadow maps, then per band of rows: rasterise, gather fragments, light, mix. */
export function renderScene(
  workspace: Workspace,
  kernels: Kernels,
  scene: Scene,
  camera: Camera,
  options: RenderSceneOptions,
): Partial<SceneOutputs> {
  const { width, height, timings, operation = 'renderScene' } = options;
  const antialias = options.antialias ?? RENDER_SCENE_DEFAULTS.antialias;
  const near = options.near ?? RENDER_SCENE_DEFAULTS.near;
  const background = options.background ?? RENDER_SCENE_DEFAULTS.background;
  const outputs: readonly SceneOutput[] = options.outputs ?? RENDER_SCENE_DEFAULTS.outputs;
  const lit = (options.shading ?? RENDER_SCENE_DEFAULTS.shading) === 'smooth';
  const lights: readonly SceneLight[] = scene.lights ?? RENDER_SCENE_DEFAULTS.lights;
  let clock = timings === undefined ? 0 : now();
  const lap = (stage: keyof NonNullable<typeof timings>): void => {
    if (timings === undefined) return;
    const time = now();
    timings[stage] += time - clock;
    clock = time;
  };

  checkOptions(options, antialias, near, outputs, operation);
  checkCamera(camera, operation);
  for (const mesh of scene.meshes) checkMesh(mesh, operation);
  const compiled = compileLights(lights, scene.ambient ?? RENDER_SCENE_DEFAULTS.ambient, FIELD.visibility, operation);
  for (const shadow of compiled.shadows) checkShadow(shadow.options, operation);

  const columns = width * antialias;
  const rows = height * antialias;
  const stride = Math.ceil(columns / 4) * 4;
  const bandPixelRows = Math.min(height, Math.max(1, Math.floor(BAND_SAMPLES / (stride * antialias))));
  const bandRows = bandPixelRows * antialias;
  const capacity = bandRows * stride + ROW_GAP; // a whole number of fours
  const { ranges, vertices, faces } = meshRanges(scene.meshes);
  const wantsColor = outputs.includes('color');
  const shadows = wantsColor && lit ? compiled.shadows : [];
  const texels = shadows.reduce((sum, { options: shadow }) => sum + shadowMapSize(shadow) ** 2, 0);
  workspace.reserve({
    positions: vertices * 3,
    normals: vertices * 3,
    colors: vertices * 3,
    coordinates: scene.meshes.some((mesh) => mesh.coordinates !== undefined) ? vertices * 3 : 0,
    uvs: scene.meshes.some((mesh) => mesh.uvs !== undefined) ? vertices * 2 : 0,
    projection: 12,
    outside: vertices,
    screen: vertices * 3,
    snapped: vertices * 2,
    attributes: vertices * 16,
    faces: faces * 3,
    faceMesh: faces,
    planes: faces * 9,
    nearnessPlanes: faces * 3,
    nearness: bandRows * stride,
    visible: bandRows * stride,
    front: bandPixelRows * width,
    fragmentIds: capacity,
    fragmentPixels: capacity,
    fragmentSamples: capacity,
    fragmentColumns: capacity,
    fragmentRows: capacity,
    fragments: capacity * FRAGMENT_FIELDS,
    materials: scene.meshes.length * MATERIAL_FIELDS,
    lights: compiled.table.length,
    irradiance: compiled.irradiance.length,
    pixels: wantsColor ? width * height * 3 : 0,
    shadowMaps: texels,
    shadowTransform: 12,
    ...(shadows.length === 0
      ? {}
      : { shadowScreen: vertices * 3, shadowSnapped: vertices * 2, shadowPlanes: faces * 3, shadowIds: faces }),
  });
  workspace.arrays.lights.set(compiled.table);
  workspace.arrays.irradiance.set(compiled.irradiance);

  const projection = sampleProjection(camera, antialias, near);
  gatherMeshes(ranges, workspace.arrays, kernels, (wantsColor && lit) || outputs.includes('normals'));
  const clips = kernels.project(workspace.arrays, vertices, projection);
  const grid = { columns, rows, bandRows };
  const list = listTriangles(workspace, kernels, ranges, clips, projection, grid);
  lap('transform');

  const lookups: ShadowLookup[] = [];
  const widestWrap = scene.meshes.reduce((most, { material }) => Math.max(most, ...(material?.wrap ?? [])), 0);
  let mapStart = 0;
  shadows.forEach((shadow, s) => {
    const lookup = drawShadowMap(workspace, kernels, ranges, workspace.arrays.positions, shadow, {
      mapStart,
      row: FIELD.visibility + s,
      turnedAway: -widestWrap,
    });
    if (lookup === undefined) {
      const { lights: table } = workspace.arrays;
      for (let l = 7; l < compiled.table.length; l += LIGHT_FIELDS)
        if (table[l] === FIELD.visibility + s) table[l] = -1;
    } else lookups.push(lookup);
    mapStart += shadowMapSize(shadow.options) ** 2;
  });
  lap('shadow');

  const out = prepareOutputs(outputs, width, height, scene.meshes.length, options.into ?? {});
  const { arrays } = workspace;
  if (wantsColor) {
    const { pixels } = arrays;
    if ('data' in background) pixels.set(background.data);
    else fillColor(pixels, width * height, background);
  }
  const samplesPerPixel = antialias * antialias;
  const bytes = Uint8Array.from({ length: samplesPerPixel + 1 }, (_, n) => Math.round((255 * n) / samplesPerPixel));
  const counts: LightCounts = {
    lights: compiled.table.length / LIGHT_FIELDS,
    perspective: projection.perspective,
    harmonics: compiled.harmonics,
    specular: scene.meshes.some(({ material, surface }) => (material?.specular ?? 0) > 0 || surface !== undefined),
    wrap: scene.meshes.some(({ material }) => material?.wrap?.some((value) => value > 0) === true),
  };
  const wantsSurfaces = outputs.some((name) => name !== 'color' && name !== 'mask' && name !== 'objectMasks');
  lap('resolve');

  for (let band = 0; band + 1 < list.bandStart.length; band++) {
    const from = list.bandStart[band]!;
    const to = list.bandStart[band + 1]!;
    if (from === to) continue;
    const rowStart = band * bandRows;
    const rowEnd = Math.min(rows, rowStart + bandRows);
    arrays.nearness.fill(-Infinity, 0, (rowEnd - rowStart) * stride);
    arrays.visible.fill(-1, 0, (rowEnd - rowStart) * stride);
    kernels.rasterize(arrays, { columns, stride, rowStart, rowEnd }, from, to);
    lap('raster');
    const block: PixelBlock = {
      width,
      antialias,
      rowStart: rowStart / antialias,
      rowEnd: rowEnd / antialias,
      columnStart: Math.floor(list.columnStart / antialias),
      columnEnd: Math.ceil(list.columnEnd / antialias),
    };
    const count = kernels.collect(arrays, block, stride);
    if (out.mask !== undefined || out.objectMasks !== undefined) writeMasks(out, arrays, count, samplesPerPixel, bytes);
    if (wantsSurfaces) writeSurfaces(out, arrays, ranges, block, stride);
    lap('resolve');
    if (!wantsColor || count === 0) continue;
    kernels.interpolate(arrays, count, capacity);
    shadeSurfaces(ranges, arrays, count, capacity);
    lap('light');
    if (lit) {
      for (const lookup of lookups) kernels.shadow(arrays, count, capacity, lookup);
      lap('shadow');
      kernels.light(arrays, count, capacity, counts);
      lap('light');
    }
    kernels.composite(arrays, count, capacity, samplesPerPixel);
    lap('resolve');
  }
  out.color?.data.set(arrays.pixels.subarray(0, width * height * 3));
  lap('resolve');
  return out;
}

function fillColor(pixels: Uint8Array, count: number, color: readonly [number, number, number]): void {
  if (color[0] === color[1] && color[1] === color[2]) pixels.fill(color[0], 0, count * 3);
  else for (let i = 0; i < count * 3; i += 3) pixels.set(color, i);
}
