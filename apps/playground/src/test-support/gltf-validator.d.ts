declare module 'gltf-validator' {
  export function validateBytes(
    bytes: Uint8Array,
  ): Promise<{ readonly issues: { readonly numErrors: number }; readonly info: Readonly<Record<string, unknown>> }>;
}
