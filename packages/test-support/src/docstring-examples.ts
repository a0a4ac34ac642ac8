import { readdirSync, readFileSync } from 'node:fs';

export interface DocstringExample {
  /** File and number in it. */
  readonly name: string;
  readonly code: string;
}

/** The `@example` blocks in the docstrings of a folder's sources, not of those below it. */
export function docstringExamples(folder: URL): DocstringExample[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    return [...text.matchAll(/^ \* @example\n((?: \*.*\n)+?)(?: \*\/| \* @)/gm)].map((match, i) => ({
      name: `${file} ${i + 1}`,
      code: match[1]!.replace(/^ \* ?/gm, ''),
    }));
  });
}
