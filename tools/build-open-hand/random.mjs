/** Seeded uniform numbers in [0, 1): splitmix32, integer arithmetic only, so the same everywhere. */
export function seededRandom(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    t ^= t >>> 15;
    return (t >>> 0) / 4294967296;
  };
  const between = (low, high) => low + (high - low) * uniform();
  /** Sum of twelve uniforms: close to normal, and free of logarithms. */
  const normal = (sd = 1) => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum * sd;
  };
  const pick = (entries) => {
    let left = uniform() * entries.reduce((s, [, weight]) => s + weight, 0);
    for (const [value, weight] of entries) if ((left -= weight) < 0) return value;
    return entries[entries.length - 1][0];
  };
  return { uniform, between, normal, pick };
}
