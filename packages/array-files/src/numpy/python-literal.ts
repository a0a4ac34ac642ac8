import { formatError } from '../core/bytes.js';

/** A value of the Python literals that .npy headers are made of. Tuples and lists both become arrays. */
export type PythonLiteral = string | number | boolean | null | PythonLiteral[] | Map<string, PythonLiteral>;

const MAX_DEPTH = 16;
const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/**
 * Parses a Python literal of strings, integers, True, False, None, tuples, lists and dicts with string keys.
 *
 * @throws FileFormatError at the position of the first thing that is none of them
 */
export function parsePythonLiteral(text: string, operation: string): PythonLiteral {
  let at = 0;
  const fail = (what: string): never => {
    throw formatError(operation, `the header has ${what} at position ${at}`);
  };
  const skipSpace = (): void => {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
  };
  const take = (token: string): boolean => {
    skipSpace();
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const items = (close: string, depth: number, item: (depth: number) => void): void => {
    while (!take(close)) {
      item(depth + 1);
      if (!take(',')) {
        if (!take(close)) fail(`no '${close}'`);
        return;
      }
    }
  };
  const value = (depth: number): PythonLiteral => {
    if (depth > MAX_DEPTH) fail('too many brackets');
    skipSpace();
    const rest = text.slice(at, at + 64);
    const number = /^-?\d+L?/.exec(rest);
    if (number) {
      at += number[0].length;
      return Number(number[0].replace('L', ''));
    }
    const word = /^[A-Za-z]+/.exec(rest)?.[0];
    if (word !== undefined && WORDS.has(word)) {
      at += word.length;
      return WORDS.get(word)!;
    }
    const quoted = /^[ub]?(['"])/.exec(rest);
    if (quoted) {
      const start = at + quoted[0].length;
      const end = text.indexOf(quoted[1]!, start);
      if (end < 0 || text.slice(start, end).includes('\\')) fail('a string that does not end');
      at = end + 1;
      return text.slice(start, end);
    }
    if (take('(') || take('[')) {
      const list: PythonLiteral[] = [];
      items(text[at - 1] === '(' ? ')' : ']', depth, (inner) => list.push(value(inner)));
      return list;
    }
    if (take('{')) {
      const map = new Map<string, PythonLiteral>();
      items('}', depth, (inner) => {
        const key = value(inner);
        if (typeof key !== 'string' || !take(':')) fail('no key');
        map.set(key as string, value(inner));
      });
      return map;
    }
    return fail(`${JSON.stringify(rest.slice(0, 16))}`);
  };
  const result = value(0);
  skipSpace();
  if (at < text.length) fail('more than one value');
  return result;
}
