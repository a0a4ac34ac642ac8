const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Where HDF5's signature stands: at byte 0, 512, 1024, 2048, …; -1 where it does not. */
export function signaturePosition(bytes: Uint8Array): number {
  for (let at = 0; at + SIGNATURE.length <= bytes.length; at = at === 0 ? 512 : at * 2) {
    if (SIGNATURE.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** Whether the bytes are an HDF5 file, perhaps behind a block of other content, as in MAT files of version 7.3. */
export function isHdf5(bytes: Uint8Array): boolean {
  return signaturePosition(bytes) >= 0;
}
