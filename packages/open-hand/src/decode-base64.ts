const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Bytes of base64 text, the same in Node and the browser and without their globals.
 *
 * @param text base64 without line breaks
 * @param byteCount number of bytes it holds
 */
export function decodeBase64(text: string, byteCount: number): Uint8Array {
  const valueOf = new Uint8Array(128);
  for (let i = 0; i < ALPHABET.length; i++) valueOf[ALPHABET.charCodeAt(i)] = i;
  const out = new Uint8Array(byteCount);
  let position = 0;
  for (let i = 0; i < text.length; i += 4) {
    const bits =
      (valueOf[text.charCodeAt(i)]! << 18) |
      (valueOf[text.charCodeAt(i + 1)]! << 12) |
      (valueOf[text.charCodeAt(i + 2)]! << 6) |
      valueOf[text.charCodeAt(i + 3)]!;
    out[position++] = bits >> 16;
    if (position < byteCount) out[position++] = (bits >> 8) & 255;
    if (position < byteCount) out[position++] = bits & 255;
  }
  return out;
}
