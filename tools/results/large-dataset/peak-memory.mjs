// Preloaded into a process (node --import) to write down what it has taken at most, all threads together.
import { writeFileSync } from 'node:fs';

process.once('exit', () => {
  writeFileSync(process.env.OPPOSABLE_PEAK_FILE, String(process.resourceUsage().maxRSS * 1024));
});
