import { validateBytes } from 'gltf-validator';

export interface GlbIssues {
  readonly errors: number;
  readonly warnings: number;
  /** Text of every error and warning. */
  readonly messages: readonly string[];
}

/** What the validator of the Khronos Group finds in a file. */
export async function validateGlb(bytes: Uint8Array): Promise<GlbIssues> {
  const { issues } = await validateBytes(bytes);
  return {
    errors: issues.numErrors,
    warnings: issues.numWarnings,
    messages: issues.messages.filter(({ severity }) => severity < 2).map(({ code, message }) => `${code}: ${message}`),
  };
}
