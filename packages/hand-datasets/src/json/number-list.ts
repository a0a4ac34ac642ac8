/**
 * A list of numbers of a JSON file, nested or not, as one array: {@link numberList} of `values` takes it like the list of lists
 * that it stands for.
 */
export class NumberList {
  constructor(
    /** All numbers in order; the lists of one record may share memory. */
    public data: Float64Array,
    /** Members of the outermost list. */
    readonly length: number,
    /** Numbers in each member; 0 where the members are numbers, or differ. */
    readonly width: number,
  ) {}
}
