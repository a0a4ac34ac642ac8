/** Name of a source's files: its split and its place in it. */
export const sourceName = (split: string, place: number): string => `${split}-${place}`;

/** Name of a chunk's file. */
export const chunkName = (split: string, place: number, chunk: number): string =>
  `${sourceName(split, place)}-${String(chunk).padStart(6, '0')}`;
