/** `import()` of a package by its name; another one stands in for it in tests. */
export type ImportPackage = (name: string) => Promise<unknown>;

/** Something that can compute. */
export interface BackendEntry {
  /** Makes it the active backend. @throws ConfigError saying what is missing, or what it needs here */
  readonly start: (importPackage: ImportPackage) => Promise<void>;
  /** Why `auto` takes it, after its name. */
  readonly why: string | (() => Promise<string>);
}
