/** `npm run build`: compiles src to dist, and copies what the compiler leaves behind. `-- --out <folder>` builds elsewhere. */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const ASSETS = ['infra/mail/templates', 'modules/reports/fonts'];
const COMPILER = join(ROOT, 'node_modules/.bin/tsc');

const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } });
const out = join(ROOT, values.out);

// What was deleted from src must not live on in the build.
rmSync(out, { recursive: true, force: true });
const { status } = spawnSync(COMPILER, ['-p', 'tsconfig.build.json', '--outDir', out], { cwd: ROOT, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const folder of ASSETS) cpSync(join(ROOT, 'src', folder), join(out, folder), { recursive: true });
