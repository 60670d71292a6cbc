import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');
const FRAMES = 40;
const OWN = ['tests/setup/scan-guard.ts', 'tests/setup/query-origin.ts'];

/**
 * Who asks: the nearest frame that is a file of this project. Nothing of the project in sight means that a query of the product is
 * on its way through a library, since those of tests are looked at where they are made.
 */
export function isFromTests(): boolean {
  const nearest = callers().find((path) => path.startsWith(ROOT) && !path.includes('node_modules') && !isOwn(path));
  return nearest !== undefined && !nearest.startsWith(join(ROOT, 'src/'));
}

function isOwn(path: string): boolean {
  return OWN.some((own) => path.endsWith(own));
}

function callers(): string[] {
  const limit = Error.stackTraceLimit;
  const prepare: unknown = Reflect.get(Error, 'prepareStackTrace');
  try {
    Error.stackTraceLimit = FRAMES;
    // The frames as V8 has them: nobody maps or prints them.
    Error.prepareStackTrace = (_error, sites) => sites.map((site) => toPath(site.getFileName() ?? ''));
    return new Error('where').stack as unknown as string[];
  } finally {
    Error.stackTraceLimit = limit;
    Reflect.set(Error, 'prepareStackTrace', prepare);
  }
}

function toPath(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : (file.split('?')[0] ?? '');
}
