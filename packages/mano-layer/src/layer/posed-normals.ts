import * as tf from '@tensorflow/tfjs-core';

/** Which triangles touch which vertex, as index tensors made once per mesh. */
export interface MeshIncidence {
  readonly vertexCount: number;
  readonly faceCount: number;
  /** [3·F] the first corners of all triangles, then the second, then the third. */
  readonly corners: tf.Tensor1D;
  /** [V·D] places in `corners` of each vertex; 3·F where a vertex has fewer than D. */
  readonly places: tf.Tensor1D;
  /** [V·D] triangles of each vertex; F where a vertex has fewer than D. */
  readonly triangles: tf.Tensor1D;
}

/** @param faces [F, 3] vertex indices */
export function meshIncidence(faces: ArrayLike<number>, vertexCount: number): MeshIncidence {
  const faceCount = faces.length / 3;
  const lists: number[][] = Array.from({ length: vertexCount }, () => []);
  const corners = Int32Array.from({ length: 3 * faceCount }, (_, place) => {
    const vertex = faces[(place % faceCount) * 3 + Math.floor(place / faceCount)]!;
    lists[vertex]!.push(place);
    return vertex;
  });
  const most = Math.max(1, ...lists.map((list) => list.length));
  const places = new Int32Array(vertexCount * most).fill(3 * faceCount);
  lists.forEach((list, v) => places.set(list, v * most));
  const triangles = places.map((place) => (place === 3 * faceCount ? faceCount : place % faceCount));
  return {
    vertexCount,
    faceCount,
    corners: tf.tensor1d(corners, 'int32'),
    places: tf.tensor1d(places, 'int32'),
    triangles: tf.tensor1d(triangles, 'int32'),
  };
}

/** y[:, v] = Σ_d x[:, list[v, d]], where the index N of x [R, N] stands for zero; without a gradient of its own. */
function sumListed(x: tf.Tensor2D, list: tf.Tensor1D, vertexCount: number): tf.Tensor2D {
  const rows = x.shape[0];
  const gathered = tf.gather(
    tf.pad(x, [
      [0, 0],
      [0, 1],
    ]),
    list,
    1,
  );
  return tf.sum(tf.reshape(gathered, [rows, vertexCount, -1]), 2);
}

/** [R, V] → [R, 3·F]. tf.gather's own gradient needs a kernel that the wasm backend lacks; this one gathers again. */
function atCorners(x: tf.Tensor2D, { corners, places, vertexCount }: MeshIncidence): tf.Tensor2D {
  const gather = tf.customGrad((input) => ({
    value: tf.gather(input as tf.Tensor2D, corners, 1),
    gradFunc: (dy: tf.Tensor) => sumListed(dy as tf.Tensor2D, places, vertexCount),
  }));
  return gather(x) as tf.Tensor2D;
}

/** [R, F] → [R, V], the sum over the triangles of each vertex. */
function sumOverTriangles(x: tf.Tensor2D, { corners, triangles, vertexCount, faceCount }: MeshIncidence): tf.Tensor2D {
  const sum = tf.customGrad((input) => ({
    value: sumListed(input as tf.Tensor2D, triangles, vertexCount),
    gradFunc: (dy: tf.Tensor) => {
      const perCorner = tf.gather(dy as tf.Tensor2D, corners, 1);
      return tf.sum(tf.reshape(perCorner, [dy.shape[0], 3, faceCount]), 1);
    },
  }));
  return sum(x) as tf.Tensor2D;
}

/** 1 where x is zero, otherwise 0; a constant for the gradient. */
function whereZero(x: tf.Tensor): tf.Tensor {
  const indicator = tf.customGrad((input) => ({
    value: tf.cast(tf.equal(input as tf.Tensor, 0), 'float32'),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }));
  return indicator(x);
}

/**
 * Unit normals of the vertices of a posed mesh: n_v ∝ Σ (b − a) × (c − a) over the triangles (a, b, c) of v, that is, the
 * mean of the triangles' normals weighted by area. Differentiable; scale and position of the mesh do not matter.
 *
 * A vertex without triangles, or whose triangles have no area, gets (0, 0, 1) and no gradient.
 *
 * @param vertices [B, V, 3]
 * @returns [B, V, 3]
 */
export function posedNormals(vertices: tf.Tensor3D, incidence: MeshIncidence): tf.Tensor3D {
  const [batch, vertexCount] = vertices.shape;
  const { faceCount } = incidence;
  return tf.tidy(() => {
    const planes = tf.reshape<tf.Rank.R2>(tf.transpose(vertices, [2, 0, 1]), [3 * batch, vertexCount]);
    const corners = tf.reshape(atCorners(planes, incidence), [3 * batch, 3, faceCount]);
    const [a, b, c] = tf.unstack(corners, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D]; // [3·B, F]
    const coordinates = (edge: tf.Tensor2D) => tf.unstack(tf.reshape(edge, [3, batch, faceCount])) as tf.Tensor2D[];
    const [px, py, pz] = coordinates(tf.sub(b, a)) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const [qx, qy, qz] = coordinates(tf.sub(c, a)) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const product = (s: tf.Tensor2D, t: tf.Tensor2D, u: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D =>
      tf.sub(tf.mul(s, t), tf.mul(u, w));
    const triangles = tf.concat([product(py, qz, pz, qy), product(pz, qx, px, qz), product(px, qy, py, qx)], 0);
    const sums = tf.reshape(sumOverTriangles(triangles, incidence), [3, batch * vertexCount]);
    const squares = tf.sum(tf.square(sums), 0, true); // [1, B·V]
    const isFlat = whereZero(squares);
    const unit = tf.mul(sums, tf.rsqrt(tf.add(squares, isFlat)));
    const upwards = tf.mul(isFlat, tf.tensor2d([[0], [0], [1]])); // [3, B·V]
    return tf.transpose<tf.Tensor3D>(tf.reshape(tf.add(unit, upwards), [3, batch, vertexCount]), [1, 2, 0]);
  });
}
