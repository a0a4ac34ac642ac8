import type { Description } from '@opposable/array-files';

type Named = Description & { readonly name: string };

function numberText(value: number | string): string {
  if (typeof value === 'string' || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}

function typeText(description: Description): string {
  const { kind, what, dtype, shape, count } = description;
  const size = shape === undefined || shape.length === 0 ? '' : ` [${shape.join(', ')}]`;
  if (kind === 'array') return `${dtype}${size}`;
  if (kind === 'sparse') return `${what} ${dtype}${size}`;
  if (kind === 'text') return `text${size}`;
  if (kind === 'value') return description.value === null ? 'nothing' : typeof description.value;
  if (kind === 'unsupported') return `not read: ${what}`;
  return `${what} of ${count}`;
}

function contentText({ kind, value, min, max, notFinite, stored }: Description): string {
  const parts: string[] = [];
  if (kind === 'text') parts.push(JSON.stringify(value ?? ''));
  else if (typeof value === 'string')
    parts.push(
      value
        .split(', ')
        .map((part) => numberText(Number(part)))
        .join(', '),
    );
  else if (value !== undefined && value !== null)
    parts.push(typeof value === 'boolean' ? String(value) : numberText(value));
  else if (min !== undefined && max !== undefined) {
    parts.push(min === max ? `all ${numberText(min)}` : `${numberText(min)} … ${numberText(max)}`);
  }
  if (stored !== undefined) parts.push(`${stored} stored`);
  if (notFinite !== undefined) parts.push(`${notFinite} not finite`);
  return parts.join(', ');
}

function rowsOf(description: Description, most: number, indent: string): string[][] {
  const members: readonly Named[] = description.members ?? [];
  const rows = members
    .slice(0, most)
    .flatMap((member) => [
      [`${indent}${member.name}`, typeText(member), contentText(member)],
      ...rowsOf(member, most, `${indent}  `),
    ]);
  const left = Math.max(description.count ?? 0, members.length) - Math.min(most, members.length);
  return left > 0 ? [...rows, [`${indent}… ${left} more`, '', '']] : rows;
}

const widest = (rows: readonly string[][], column: number, most: number): number =>
  Math.min(
    most,
    rows.reduce((width, row) => Math.max(width, row[column]!.length), 0),
  );

/** Control characters of a hostile file stay out of the terminal. */
const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '�');

/** A description as lines of name, type and range, one level of the tree per indentation. */
export function printDescription(description: Description, most: number): string[] {
  const members = rowsOf(description, most, '  ');
  const rows = members.length > 0 ? members : [['  ', typeText(description), contentText(description)]];
  const [names, types] = [widest(rows, 0, 48), widest(rows, 1, 40)];
  return rows.map(([name, type, content]) =>
    printable(`${name!.padEnd(names)}  ${type!.padEnd(types)}  ${content}`.trimEnd()),
  );
}
