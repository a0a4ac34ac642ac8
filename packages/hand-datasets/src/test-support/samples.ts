import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of real samples beside the workspace; it is not part of the project. */
export const SAMPLES = fileURLToPath(new URL('../../../../../shared/samples/', import.meta.url));

/** `describe` where the folder of a sample set is there, otherwise a skipped one whose name says why. */
export function describeWithSamples(set: string, name: string, body: () => void): void {
  if (existsSync(`${SAMPLES}${set}`)) describe(name, body);
  else describe.skip(`${name} (skipped: ../shared/samples/${set} is not here)`, body);
}
