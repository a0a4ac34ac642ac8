/** to += from·factor over `bytes` of floats. */
export function addScaled(to: usize, from: usize, factor: f32, bytes: usize): void {
  const spread = f32x4.splat(factor);
  let at: usize = 0;
  for (; at + 15 < bytes; at += 16) {
    v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(from + at), spread)));
  }
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at) * factor);
}
