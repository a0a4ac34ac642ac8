/** For --import: the URL of every module that is loaded becomes a line of the standard error. */
import { register } from 'node:module';

const HOOKS = `
import { writeSync } from 'node:fs';
export function load(url, context, next) {
  writeSync(2, url + '\\n');
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
