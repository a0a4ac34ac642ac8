const { fround } = Math;

/** Cut off after the point, held in 0 … 255. */
export const toByte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value));

export function spreadBytes(bytes: Uint8Array, pixels: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = bytes[3 * i + c]!;
    pixels[4 * i + 3] = 0;
  }
}

export function gatherPixels(pixels: Float32Array, bytes: Uint8Array, count: number): void {
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) bytes[3 * i + c] = toByte(fround(pixels[4 * i + c]! + 0.5));
  }
}

export function sumTones(bytes: Uint8Array, count: number, tables: Float32Array): void {
  for (let i = 0; i < 3 * count; i += 3) {
    const red = 4 * bytes[i]!;
    const green = 4 * (256 + bytes[i + 1]!);
    const blue = 4 * (512 + bytes[i + 2]!);
    for (let c = 0; c < 3; c++) {
      bytes[i + c] = toByte(fround(fround(tables[red + c]! + tables[green + c]!) + tables[blue + c]!));
    }
  }
}
