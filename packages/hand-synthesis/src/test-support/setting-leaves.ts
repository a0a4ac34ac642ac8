/** The values of nested settings with their paths, as `skin.hair.count`. */
export function settingLeaves(value: unknown, path = ''): [path: string, value: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => settingLeaves(inner, path === '' ? key : `${path}.${key}`));
}

/** A copy of nested settings with one value replaced. */
export function withLeaf(settings: object, path: string, value: unknown): Record<string, unknown> {
  const [key, ...rest] = path.split('.') as [string, ...string[]];
  const inner = (settings as Record<string, unknown>)[key] as object;
  return { ...settings, [key]: rest.length === 0 ? value : withLeaf(inner ?? {}, rest.join('.'), value) };
}
