import { readFileSync } from 'node:fs';

/** The code blocks of a README in one language, in their order. */
export function readmeExamples(readme: URL, language: 'ts' | 'js'): string[] {
  const blocks = readFileSync(readme, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'));
  return [...blocks].map((match) => match[1]!);
}
