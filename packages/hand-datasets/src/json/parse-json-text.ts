/** A text of JSON, or one of Python's bare NaN, Infinity and -Infinity outside of texts. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/**
 * JSON as Python writes it: NaN, Infinity and -Infinity, which JSON does not have, become null.
 *
 * @throws SyntaxError if it is not JSON otherwise
 */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (!/NaN|Infinity/.test(text)) throw cause;
    return JSON.parse(text.replace(TOKEN, (token) => (token.startsWith('"') ? token : 'null'))) as unknown;
  }
}
