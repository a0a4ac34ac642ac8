/**
 * Rest and posed vertices of an item: for programs with `table`, `values`, `kept` and, unless shapes are given as betas,
 * `identity`.
 */
export function verticesCode(hasIdentity: boolean): string {
  const start = hasIdentity
    ? `identity[identity_of(item_index) + 24u * block + lane], identity[identity_of(item_index) + 24u * block + lane + 1u],
      identity[identity_of(item_index) + 24u * block + lane + 2u]`
    : 'values[template_at() + 3u * vertex], values[template_at() + 3u * vertex + 1u], values[template_at() + 3u * vertex + 2u]';
  return `
${hasIdentity ? identityCode : ''}
/** Template, shape and pose correctives: the vertex before skinning. */
fn unskinned(item_index: u32, item: u32, vertex: u32) -> vec3f {
  let block = vertex / 8u;
  let lane = 3u * (vertex % 8u);
  var sum = vec3f(${start});
  let first = word(blockStarts_at() + block);
  let count = word(blockFeatures_at() + block);
  let features = features_at() + first;
  var row = basis_at() + 24u * first + lane;
  ${hasIdentity ? 'let begin = word(blockShapes_at() + block); row += 24u * begin;' : 'let begin = 0u;'}
  for (var k = begin; k < count; k++) {
    sum += kept[item + word(features + k)] * value3(row);
    row += 24u;
  }
  return sum;
}

fn skinned(item: u32, vertex: u32, point: vec3f) -> vec3f {
  var sum = vec3f();
  let end = word(weightStarts_at() + vertex + 1u);
  for (var place = word(weightStarts_at() + vertex); place < end; place++) {
    let joint = word(weightJoints_at() + place);
    let moved = turn_of(item, joint) * (point - kept3(item + REST + 3u * joint)) + position_of(item, joint);
    sum += values[weights_at() + place] * moved;
  }
  return sum;
}
`;
}

/** Where the identity of an item begins: one may serve all. */
export const identityCode = `
fn identity_of(item_index: u32) -> u32 {
  let size = 24u * blocks_at() + 3u * JOINTS;
  return select(size * item_index, 0u, arrayLength(&identity) == size);
}
`;
