/** Writes docs/limits.md. Usage: npm run limits */
import { writeFile } from 'node:fs/promises';
import { LIMITS_FILE, renderLimits } from './contract/limits-document.ts';

await writeFile(LIMITS_FILE, await renderLimits());
