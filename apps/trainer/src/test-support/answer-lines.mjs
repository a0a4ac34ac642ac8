/**
 * Answers command lines one after the other in one process, as a new process would each: loading the program takes much longer
 * than most answers. Gets { words }, sends { code, stdout, stderr }.
 */
import { runCommandLine } from '../../dist/run-command-line.js';

const never = new AbortController().signal;

process.on('message', async ({ words }) => {
  const said = { stdout: '', stderr: '' };
  const own = Object.keys(said).map((name) => [name, process[name].write]);
  for (const [name] of own) {
    process[name].write = (text) => {
      said[name] += text;
      return true;
    };
  }
  const code = await runCommandLine(['node', 'opposable', ...words], never);
  for (const [name, write] of own) process[name].write = write;
  process.send({ code, ...said });
});
