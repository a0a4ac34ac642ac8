import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PEAK = fileURLToPath(new URL('./peak-memory.mjs', import.meta.url));

/**
 * Runs a script in a process of its own.
 *
 * @returns seconds and bytes of memory that it has taken, and the last line that it has printed
 */
export async function measure(script, args) {
  const folder = mkdtempSync(join(tmpdir(), 'peak-'));
  const file = join(folder, 'peak');
  const start = performance.now();
  try {
    const text = await new Promise((resolve, reject) => {
      let out = '';
      const child = spawn(process.execPath, ['--import', PEAK, script, ...args], {
        env: { ...process.env, OPPOSABLE_PEAK_FILE: file },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child.stdout.on('data', (chunk) => {
        out += chunk;
        process.stdout.write(chunk);
      });
      child.once('error', reject);
      child.once('exit', (code) =>
        code === 0 ? resolve(out) : reject(new Error(`${script} ended with exit code ${code}.`)),
      );
    });
    const seconds = (performance.now() - start) / 1000;
    return { seconds, bytes: Number(readFileSync(file, 'utf8')), lastLine: text.trim().split('\n').at(-1) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
