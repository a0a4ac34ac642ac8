declare module 'gltf-validator' {
  /** The part of the report that tests read; severity 0 is an error, 1 a warning, 2 information, 3 a hint. */
  export interface ValidationReport {
    readonly issues: {
      readonly numErrors: number;
      readonly numWarnings: number;
      readonly messages: readonly { readonly code: string; readonly message: string; readonly severity: number }[];
    };
  }
  export function validateBytes(bytes: Uint8Array): Promise<ValidationReport>;
}
