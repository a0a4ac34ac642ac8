import { OBJECT_BYTES } from '../core/allowance.js';
import type { PyValue } from './py-values.js';

/** Values and marks are booked in advance, so many at a time. */
const BLOCK = 4096;

/** The stack of a pickle, with the marks that tell where the items of a container begin. Nothing is taken past a mark. */
export class PickleStack {
  private readonly values: PyValue[] = [];
  private readonly marks: number[] = [];
  private bookedValues = 0;
  private bookedMarks = 0;

  constructor(
    private readonly fail: (problem: string) => never,
    private readonly book: (bytes: number) => void,
  ) {}

  get length(): number {
    return this.values.length;
  }

  push(value: PyValue): void {
    if (this.values.length === this.bookedValues) {
      this.book(BLOCK * OBJECT_BYTES.growing);
      this.bookedValues += BLOCK;
    }
    this.values.push(value);
  }

  private require(count: number): void {
    if (this.values.length - count < (this.marks.at(-1) ?? 0)) this.fail('the stack is empty');
  }

  top(): PyValue {
    this.require(1);
    return this.values.at(-1)!;
  }

  pop(): PyValue {
    this.require(1);
    return this.values.pop()!;
  }

  /** The last values, in the order in which they were pushed. */
  popMany(count: number): PyValue[] {
    if (count === 1) return [this.pop()];
    this.require(count);
    return this.takeFrom(this.values.length - count);
  }

  /** The last value or, where there is none since it, the last mark. */
  drop(): void {
    if (this.values.length === this.marks.at(-1)) this.marks.pop();
    else this.pop();
  }

  mark(): void {
    if (this.marks.length === this.bookedMarks) {
      this.book(BLOCK * OBJECT_BYTES.growing);
      this.bookedMarks += BLOCK;
    }
    this.marks.push(this.values.length);
  }

  /** What has been pushed since the last mark. */
  popMark(): PyValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) return this.fail('there is no mark on the stack');
    this.book(OBJECT_BYTES.slot * (this.values.length - mark));
    return this.takeFrom(mark);
  }

  /** `splice`, at a third of its time for the few values that mostly are taken. */
  private takeFrom(start: number): PyValue[] {
    const taken = this.values.slice(start);
    this.values.length = start;
    return taken;
  }
}
