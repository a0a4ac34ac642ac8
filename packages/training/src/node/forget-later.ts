import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * Takes out of a file of JSON lines what a killed run has written after its last checkpoint, since it will be written
 * again, and a last line that was cut off.
 *
 * @param path of a file whose lines have an `iteration`; one that is not there is no error
 * @param iteration that the run goes on from
 */
export function forgetLater(path: string, iteration: number): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const kept = text.split('\n').filter((line) => {
    try {
      return (JSON.parse(line) as { iteration: number }).iteration <= iteration;
    } catch {
      return false;
    }
  });
  const temporary = `${path}.partial`;
  writeFileSync(temporary, kept.map((line) => `${line}\n`).join(''));
  renameSync(temporary, path);
}
