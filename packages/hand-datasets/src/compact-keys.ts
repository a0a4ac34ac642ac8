// Two million ids like those of InterHand2.6M take 258 MB in a Set (measured, Node.js 20). Here 64 bits of each are kept: 51 MB,
// 18 to 34 bytes a text with the room to grow.

const FIRST_CAPACITY = 1 << 12;
const WIDTH = 3;

/** The last step of MurmurHash3 by Austin Appleby, which is in the public domain: every bit depends on every other. */
function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * Numbers different texts in the order in which they come, without keeping them: two texts count as the same where 64 bits of
 * them are the same. Among ten million texts the chance of that is 3 in a million.
 */
export class CompactKeys {
  /** Three numbers a slot: two halves of the hash, and the text's number from 1; 0 where the slot is free. */
  #slots = new Int32Array(WIDTH * FIRST_CAPACITY);
  #capacity = FIRST_CAPACITY;
  #size = 0;
  #high = 0;
  #low = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the number of the text, from 0, or −1 if it was there before */
  add(key: string): number {
    this.#hash(key);
    const slot = this.#find();
    if (this.#slots[slot + 2] !== 0) return -1;
    this.#put(slot, ++this.#size);
    if (this.#size > 0.7 * this.#capacity) this.#grow();
    return this.#size - 1;
  }

  /** The number of a text, or −1. */
  indexOf(key: string): number {
    this.#hash(key);
    return this.#slots[this.#find() + 2]! - 1;
  }

  #hash(key: string): void {
    let high = 0x3c6ef372 ^ key.length;
    let low = 0x1f83d9ab;
    for (let i = 0; i < key.length; i++) {
      const code = key.charCodeAt(i);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x9e3779b1);
      low = (low << 13) | (low >>> 19);
    }
    this.#high = mixed(high);
    this.#low = mixed(low);
  }

  /** The slot of the text last hashed, or the free one where it would be. */
  #find(): number {
    const slots = this.#slots;
    const last = this.#capacity - 1;
    for (let place = (this.#low ^ this.#high) & last; ; place = (place + 1) & last) {
      const slot = WIDTH * place;
      if (slots[slot + 2] === 0 || (slots[slot] === this.#high && slots[slot + 1] === this.#low)) return slot;
    }
  }

  #put(slot: number, number: number): void {
    this.#slots[slot] = this.#high;
    this.#slots[slot + 1] = this.#low;
    this.#slots[slot + 2] = number;
  }

  #grow(): void {
    const old = this.#slots;
    this.#capacity *= 2;
    this.#slots = new Int32Array(WIDTH * this.#capacity);
    for (let slot = 0; slot < old.length; slot += WIDTH) {
      if (old[slot + 2] === 0) continue;
      this.#high = old[slot]!;
      this.#low = old[slot + 1]!;
      this.#put(this.#find(), old[slot + 2]!);
    }
  }
}
