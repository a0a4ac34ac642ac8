/** Where values lie in a file, sixteen bytes each. */
export class Spans {
  #values = new Float64Array(2048);
  count = 0;

  push(start: number, end: number): void {
    if (2 * this.count === this.#values.length) {
      const grown = new Float64Array(2 * this.#values.length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.set(this.count++, start, end);
  }

  set(i: number, start: number, end: number): void {
    this.#values[2 * i] = start;
    this.#values[2 * i + 1] = end;
  }

  at(i: number): readonly [start: number, end: number] {
    return [this.#values[2 * i]!, this.#values[2 * i + 1]!];
  }
}
