import { z } from 'zod';

type Path = readonly PropertyKey[];

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}

/** The schema without the defaults around it. */
function bare(schema: unknown): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? bare(schema.unwrap())
    : schema;
}

/** Of the forms of a union the one that a mapping has, where a key tells it or only one is a mapping; any other schema as it is. */
function formOf(schema: unknown, value: unknown): unknown {
  const here = bare(schema);
  if (!(here instanceof z.ZodUnion) || !isMapping(value)) return here;
  if (!(here instanceof z.ZodDiscriminatedUnion)) {
    const mappings = here.options.map((option) => formOf(option, value)).filter((form) => form instanceof z.ZodObject);
    return mappings.length === 1 ? mappings[0] : here;
  }
  const { discriminator } = here.def;
  return here.options.find((option) => {
    const literal =
      option instanceof z.ZodObject ? (option.shape as Record<string, z.core.$ZodType>)[discriminator] : undefined;
    return literal !== undefined && z.safeParse(literal, value[discriminator]).success;
  });
}

function schemaAt(schema: unknown, path: Path, value: unknown): unknown {
  return path.reduce<unknown>((at, key, i) => {
    const here = formOf(at, valueAt(value, path.slice(0, i)));
    if (here instanceof z.ZodObject) return (here.shape as Record<PropertyKey, unknown>)[key];
    if (here instanceof z.ZodArray) return here.element;
    return undefined;
  }, schema);
}

function keysOf(schema: unknown): string[] {
  const here = bare(schema);
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The one of several forms that has most of the keys that were given. */
function likeliest(options: readonly unknown[], given: readonly string[]): number {
  const known = options.map((option) => keysOf(option).filter((key) => given.includes(key)).length);
  return known.indexOf(Math.max(...known));
}

/** A sentence, without its full stop, that names the key, the value and what is accepted. */
export function describeIssue(issue: z.core.$ZodIssue, schema: unknown, root: unknown, base: Path = []): string {
  const path = [...base, ...issue.path];
  const name = path.map(String).join('.');
  const value = valueAt(root, path);
  const here = bare(schemaAt(schema, issue.path, valueAt(root, base)));
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => (name === '' ? key : `${name}.${key}`)).join(', ');
    const form =
      here instanceof z.ZodUnion ? here.options[likeliest(here.options, Object.keys(value as object))] : here;
    return `unknown key ${keys} (accepted: ${keysOf(form).join(', ')})`;
  }
  if (issue.code === 'invalid_union' && here instanceof z.ZodUnion && value !== undefined) {
    const options = here.options as readonly unknown[];
    if (!isMapping(value)) {
      const forms = options.map((option) => keysOf(option).join(', ')).join(') or (');
      return `${name}: expected the keys (${forms}), got ${JSON.stringify(value)}`;
    }
    const branch = likeliest(options, Object.keys(value));
    return issue.errors[branch]!.map((inner) => describeIssue(inner, options[branch], root, path)).join('; ');
  }
  const found = value === undefined ? 'it is missing' : `got ${JSON.stringify(value)}`;
  if (issue.code === 'invalid_union') return `${name}: ${found}`;
  const expected = issue.message.replace(/^Invalid (input|option): /, '').replace(/, received .*$/, '');
  return `${name || 'the configuration'}: ${expected}, ${found}`;
}
