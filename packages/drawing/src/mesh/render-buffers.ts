/** Numbers per vertex in {@link RenderBuffers.screen}: sample column, sample row, nearness, snapped column, snapped row. */
export const SCREEN_STRIDE = 5;

/**
 * Working memory of `renderMesh`. It grows as needed and is never shared between two renders at once; passing the same
 * one again saves its allocation. Its content is private to the renderer.
 */
export interface RenderBuffers {
  /** [N, 3] */
  vertices: Float64Array;
  /** [F, 3] */
  faces: Int32Array;
  /** [N, SCREEN_STRIDE] */
  screen: Float64Array;
  /** [N] 1 where the vertex lies before the near plane or outside the guard band, so that its faces are clipped */
  outside: Uint8Array;
  /** [N, 3] */
  normals: Float64Array;
  /** [N, 3] linear colour of the outer and of the inner side */
  front: Float64Array;
  back: Float64Array;
  /** [samples] larger is nearer */
  nearness: Float32Array;
  /** [samples] face · 2 + (1 where its inner side is seen), −1 where empty */
  visible: Int32Array;
}

/** Empty working memory for `renderMesh`. */
export function createRenderBuffers(): RenderBuffers {
  return {
    vertices: new Float64Array(0),
    faces: new Int32Array(0),
    screen: new Float64Array(0),
    outside: new Uint8Array(0),
    normals: new Float64Array(0),
    front: new Float64Array(0),
    back: new Float64Array(0),
    nearness: new Float32Array(0),
    visible: new Int32Array(0),
  };
}

/** Makes room and copies the mesh in, so that the inner loops see one kind of array whatever the caller has. */
export function fillRenderBuffers(
  buffers: RenderBuffers,
  vertices: ArrayLike<number>,
  faces: ArrayLike<number>,
  samples: number,
): void {
  if (buffers.vertices.length !== vertices.length) {
    const count = vertices.length / 3;
    buffers.vertices = new Float64Array(vertices.length);
    buffers.normals = new Float64Array(vertices.length);
    buffers.front = new Float64Array(vertices.length);
    buffers.back = new Float64Array(vertices.length);
    buffers.screen = new Float64Array(count * SCREEN_STRIDE);
    buffers.outside = new Uint8Array(count);
  }
  if (buffers.faces.length !== faces.length) buffers.faces = new Int32Array(faces.length);
  if (buffers.visible.length !== samples) {
    buffers.nearness = new Float32Array(samples);
    buffers.visible = new Int32Array(samples);
  }
  buffers.vertices.set(vertices);
  buffers.faces.set(faces);
  buffers.nearness.fill(-Infinity);
  buffers.visible.fill(-1);
}
