/** The memory of a renderer: the arrays of one render by name, in one buffer that WebAssembly can share. */
export interface WorkspaceArrays {
  /** [V, 3] camera coordinates, normals, linear colours and `coordinates` of all meshes; [V, 2] `uvs` */
  positions: Float64Array;
  normals: Float64Array;
  colors: Float64Array;
  coordinates: Float64Array;
  uvs: Float64Array;
  /** [3, 4] rows of the projection */
  projection: Float64Array;
  /** [V] 1 where the faces of a vertex are clipped */
  outside: Uint8Array;
  /** What listing has found so far, see {@link LISTED}. */
  listed: Int32Array;
  /** [bands + 1] triangles of each band, then where they begin in `binned` */
  bandStart: Int32Array;
  /** [S, 3] column, row in samples and nearness of each screen vertex: first those of the meshes, then those that clipping made */
  screen: Float64Array;
  /** [S, 2] column and row in 1/SNAP samples */
  snapped: Int32Array;
  /** [V, ATTRIBUTES] */
  attributes: Float32Array;
  /** [T, 3] screen vertices of each triangle */
  corners: Int32Array;
  /** [T] face · 2 + (1 where the inner side is seen) */
  triangleIds: Int32Array;
  /** Triangles of each band, one band after the other. */
  binned: Int32Array;
  /** [F, 3] vertices of each face, of all meshes */
  faces: Int32Array;
  /** [F] mesh of each face */
  faceMesh: Int32Array;
  /** [F, 9] λ_i / z as planes over column and row: constant, per column, per row for each corner */
  planes: Float64Array;
  /** [F, 3] nearness as a plane likewise */
  nearnessPlanes: Float64Array;
  /** [samples of a band] */
  nearness: Float32Array;
  visible: Int32Array;
  /** [pixels of a band] the nearest sample, −1 where empty */
  front: Int32Array;
  /** [fragments] of a band: face and side as in `visible`, pixel of the picture, covered samples, their mean place */
  fragmentIds: Int32Array;
  fragmentPixels: Int32Array;
  fragmentSamples: Int32Array;
  fragmentColumns: Float32Array;
  fragmentRows: Float32Array;
  /** [FRAGMENT_FIELDS, fragments] */
  fragments: Float32Array;
  /** [meshes, MATERIAL_FIELDS] */
  materials: Float32Array;
  /** [lights, LIGHT_FIELDS] */
  lights: Float32Array;
  /** [9, 3] irradiance / π as a polynomial of the normal */
  irradiance: Float32Array;
  /** [shadowed lights, texels] nearness to the light */
  shadowMaps: Float32Array;
  /** [V, 3], [V, 2], [F, 3], likewise of the light's view */
  shadowScreen: Float64Array;
  shadowSnapped: Int32Array;
  shadowPlanes: Float64Array;
  shadowIds: Int32Array;
  /** 3 × 4, of the lookup at hand */
  shadowTransform: Float32Array;
  /** [W · H · 3] bytes of the picture */
  pixels: Uint8Array;
  /** Tables of sRGB. */
  linearOfByte: Float32Array;
  byteOfLinear: Uint8Array;
}

/** Numbers per vertex in `attributes`: normal u · colour v · position – · coordinates – */
export const ATTRIBUTES = 16;

/** Rows of `fragments`. */
export const FIELD = {
  nx: 0,
  ny: 1,
  nz: 2,
  u: 3,
  red: 4,
  green: 5,
  blue: 6,
  v: 7,
  x: 8,
  y: 9,
  z: 10,
  lambdaB: 11,
  cx: 12,
  cy: 13,
  cz: 14,
  lambdaC: 15,
  specular: 16,
  roughness: 17,
  wrapRed: 18,
  wrapGreen: 19,
  wrapBlue: 20,
  /** light that reaches the fragment, 0 … 1, one row for each shadowed light */
  visibility: 21,
} as const;

/** Most lights with a shadow in one scene. */
export const MAX_SHADOWS = 4;
export const FRAGMENT_FIELDS = FIELD.visibility + MAX_SHADOWS;

/** Per mesh: diffuse, specular, roughness, wrap red, green, blue, two unused. */
export const MATERIAL_FIELDS = 8;
/** Per light: direction towards it or position, kind (0 directional, 1 point), red, green, blue, row of its visibility or −1. */
export const LIGHT_FIELDS = 8;

/** Entries of `listed`: first sample column that a triangle may cover, the column after the last, number of triangles. */
export const LISTED = { columnStart: 0, columnEnd: 1, triangles: 2 } as const;

const TYPES = {
  positions: Float64Array,
  normals: Float64Array,
  colors: Float64Array,
  coordinates: Float64Array,
  uvs: Float64Array,
  projection: Float64Array,
  outside: Uint8Array,
  listed: Int32Array,
  bandStart: Int32Array,
  screen: Float64Array,
  snapped: Int32Array,
  attributes: Float32Array,
  corners: Int32Array,
  triangleIds: Int32Array,
  binned: Int32Array,
  faces: Int32Array,
  faceMesh: Int32Array,
  planes: Float64Array,
  nearnessPlanes: Float64Array,
  nearness: Float32Array,
  visible: Int32Array,
  front: Int32Array,
  fragmentIds: Int32Array,
  fragmentPixels: Int32Array,
  fragmentSamples: Int32Array,
  fragmentColumns: Float32Array,
  fragmentRows: Float32Array,
  fragments: Float32Array,
  materials: Float32Array,
  lights: Float32Array,
  irradiance: Float32Array,
  shadowMaps: Float32Array,
  shadowScreen: Float64Array,
  shadowSnapped: Int32Array,
  shadowPlanes: Float64Array,
  shadowIds: Int32Array,
  shadowTransform: Float32Array,
  pixels: Uint8Array,
  linearOfByte: Float32Array,
  byteOfLinear: Uint8Array,
} as const;

type Name = keyof WorkspaceArrays;
const NAMES = Object.keys(TYPES) as Name[];

/** Arrays begin on a line of the cache. */
const ALIGNMENT = 64;
const PAGE = 65536;
/** The first bytes stay free: no array lies at offset 0. */
const START = 64;

/** Where a workspace gets its memory from: `grow` gives at least as many bytes and keeps the contents. */
export interface GrowableMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): void;
}

/** Memory without WebAssembly. */
export function plainMemory(): GrowableMemory {
  let buffer = new ArrayBuffer(PAGE);
  return {
    get buffer() {
      return buffer;
    },
    grow(pages) {
      const larger = new ArrayBuffer(buffer.byteLength + pages * PAGE);
      new Uint8Array(larger).set(new Uint8Array(buffer));
      buffer = larger;
    },
  };
}

/**
 * Arrays that grow and stay. A place is given up when its array outgrows it, with half as much again as room to grow, so the
 * memory never exceeds a few times what the largest render needs.
 */
export class Workspace {
  readonly #memory: GrowableMemory;
  readonly #places = new Map<Name, { at: number; bytes: number; length: number }>();
  #end = START;
  #arrays: WorkspaceArrays;

  constructor(memory: GrowableMemory) {
    this.#memory = memory;
    this.#arrays = this.#views();
  }

  /** The arrays as they are now; every {@link reserve} may replace them. */
  get arrays(): WorkspaceArrays {
    return this.#arrays;
  }

  /** Makes arrays at least as long as asked for. Contents stay only where the array did not grow. */
  reserve(lengths: Partial<Record<Name, number>>): WorkspaceArrays {
    let changed = false;
    for (const [name, length] of Object.entries(lengths) as [Name, number][]) {
      const place = this.#places.get(name);
      if (place !== undefined && place.length >= length) continue;
      const roomy = Math.ceil(length * (place === undefined ? 1 : 1.5));
      const bytes = Math.ceil((roomy * TYPES[name].BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
      this.#places.set(name, { at: this.#end, bytes, length: roomy });
      this.#end += bytes;
      changed = true;
    }
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    if (changed) this.#arrays = this.#views();
    return this.#arrays;
  }

  #views(): WorkspaceArrays {
    const { buffer } = this.#memory;
    return Object.fromEntries(
      NAMES.map((name) => {
        const { at, length } = this.#places.get(name) ?? { at: START, length: 0 };
        return [name, new TYPES[name](buffer, at, length)];
      }),
    ) as unknown as WorkspaceArrays;
  }
}
