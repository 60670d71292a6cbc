/** `npm run build`: compiles src to dist, and copies what the compiler leaves behind. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const TEMPLATES = 'infra/mail/templates';

rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
cpSync(join(ROOT, 'src', TEMPLATES), join(ROOT, 'dist', TEMPLATES), { recursive: true });
