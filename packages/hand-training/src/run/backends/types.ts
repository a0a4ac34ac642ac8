/** `import()` of a package by its name; another one stands in for it in tests. */
export type ImportPackage = (name: string) => Promise<unknown>;

export interface StartRequest {
  readonly importPackage: ImportPackage;
  /** Whether somebody asked for this backend; otherwise it has to be faster than the ones after it. */
  readonly isAskedFor: boolean;
}

/** Something that can compute. */
export interface BackendEntry {
  /**
   * Makes it the active backend.
   *
   * @returns what it computes on, if that is worth saying
   * @throws ConfigError saying what is missing, or what it needs here
   */
  readonly start: (request: StartRequest) => Promise<string | void>;
  /** Why `auto` takes it, after its name. */
  readonly why: string | (() => Promise<string>);
}
