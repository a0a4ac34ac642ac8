/** See collect-fragments.ts. */
export function collect(
  visible: usize,
  nearness: usize,
  front: usize,
  ids: usize,
  pixels: usize,
  samples: usize,
  columns: usize,
  rows: usize,
  stride: i32,
  width: i32,
  antialias: i32,
  rowStart: i32,
  rowEnd: i32,
  columnStart: i32,
  columnEnd: i32,
): i32 {
  let count = 0;
  for (let row = rowStart; row < rowEnd; row++) {
    for (let column = columnStart; column < columnEnd; column++) {
      const pixel = row * width + column;
      const place = front + 4 * ((row - rowStart) * width + column);
      const corner = (row - rowStart) * antialias * stride + column * antialias;
      if (antialias == 2) {
        const both = load<i64>(visible + 4 * corner) & load<i64>(visible + 4 * (corner + stride));
        if (both == -1) {
          store<i32>(place, -1);
          continue;
        }
      }
      const first = count;
      let nearest = -f32.MAX_VALUE;
      let nearestSample = -1;
      for (let i = 0; i < antialias; i++) {
        let sample = corner + i * stride;
        for (let j = 0; j < antialias; j++, sample++) {
          const id = load<i32>(visible + 4 * sample);
          if (id < 0) continue;
          const q = load<f32>(nearness + 4 * sample);
          if (q > nearest || nearestSample < 0) {
            nearest = q;
            nearestSample = sample;
          }
          let f = count - 1;
          while (f >= first && load<i32>(ids + 4 * f) != id) f--;
          if (f < first) {
            f = count++;
            store<i32>(ids + 4 * f, id);
            store<i32>(pixels + 4 * f, pixel);
            store<i32>(samples + 4 * f, 1);
            store<f32>(columns + 4 * f, f32(j));
            store<f32>(rows + 4 * f, f32(i));
            continue;
          }
          store<i32>(samples + 4 * f, load<i32>(samples + 4 * f) + 1);
          store<f32>(columns + 4 * f, load<f32>(columns + 4 * f) + f32(j));
          store<f32>(rows + 4 * f, load<f32>(rows + 4 * f) + f32(i));
        }
      }
      store<i32>(place, nearestSample);
      for (let f = first; f < count; f++) {
        const share = f64(load<i32>(samples + 4 * f));
        store<f32>(columns + 4 * f, f32(f64(column * antialias) + f64(load<f32>(columns + 4 * f)) / share));
        store<f32>(rows + 4 * f, f32(f64(row * antialias) + f64(load<f32>(rows + 4 * f)) / share));
      }
    }
  }
  return count;
}
