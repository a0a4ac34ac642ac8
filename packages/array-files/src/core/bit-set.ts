const FIRST_BYTES = 64;

/** A set of whole numbers, an eighth of a byte for each up to the largest. */
export class BitSet {
  private bits = new Uint8Array(FIRST_BYTES);

  has(index: number): boolean {
    return ((this.bits[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  add(index: number): void {
    const at = index >>> 3;
    if (at >= this.bits.length) {
      const larger = new Uint8Array(Math.max(at + 1, 2 * this.bits.length));
      larger.set(this.bits);
      this.bits = larger;
    }
    this.bits[at]! |= 1 << (index & 7);
  }
}
