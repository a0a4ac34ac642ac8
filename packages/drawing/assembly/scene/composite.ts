const STEPS: f32 = 65535;

function toByte(table: usize, linear: f32): u8 {
  const step = linear * STEPS + <f32>0.5;
  return load<u8>(table + (step >= STEPS ? 65535 : step > 0 ? usize(i32(step)) : 0));
}

/** See composite-fragments.ts. */
export function composite(
  fragments: usize,
  places: usize,
  shares: usize,
  pixels: usize,
  linearOfByte: usize,
  byteOfLinear: usize,
  count: i32,
  capacity: i32,
  samplesPerPixel: i32,
): void {
  const reds = fragments + (usize(4 * capacity) << 2);
  const greens = fragments + (usize(5 * capacity) << 2);
  const blues = fragments + (usize(6 * capacity) << 2);
  const whole: f32 = <f32>1 / f32(samplesPerPixel);
  let i = 0;
  while (i < count) {
    const pixel = load<i32>(places + 4 * i);
    let covered = 0;
    let red: f32 = 0;
    let green: f32 = 0;
    let blue: f32 = 0;
    while (i < count && load<i32>(places + 4 * i) == pixel) {
      const samples = load<i32>(shares + 4 * i);
      const at = usize(i) << 2;
      covered += samples;
      red += load<f32>(reds + at) * f32(samples);
      green += load<f32>(greens + at) * f32(samples);
      blue += load<f32>(blues + at) * f32(samples);
      i++;
    }
    const rest = f32(samplesPerPixel - covered);
    const out = pixels + 3 * pixel;
    if (rest > 0) {
      red += load<f32>(linearOfByte + (usize(load<u8>(out)) << 2)) * rest;
      green += load<f32>(linearOfByte + (usize(load<u8>(out, 1)) << 2)) * rest;
      blue += load<f32>(linearOfByte + (usize(load<u8>(out, 2)) << 2)) * rest;
    }
    store<u8>(out, toByte(byteOfLinear, red * whole));
    store<u8>(out, toByte(byteOfLinear, green * whole), 1);
    store<u8>(out, toByte(byteOfLinear, blue * whole), 2);
  }
}
