import { lookup } from 'node:dns/promises';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectBinary, type Binary, type FindContext } from './find-binary.ts';
import { installFolder } from './install-once.ts';
import { withProgress } from './progress.ts';
import { runCommand } from './run-command.ts';
import { ServicesError } from './services-error.ts';

const DOWNLOADER = join(import.meta.dirname, 'download-vendor-mongod.ts');
const VENDOR_HOST = 'fastdl.mongodb.org';
/** Unresolved, the downloader's own tries would cost seven seconds. */
const DNS_TIMEOUT_MS = 2000;
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;
/** A host that accepts and then stays silent is given up after this. */
const STALL_MS = 10_000;

function vendorFolder(context: FindContext): string {
  return join(context.cacheDir, 'mongod-vendor');
}

export async function findVendorMongod(context: FindContext): Promise<Binary | null> {
  const files = await readdir(vendorFolder(context)).catch(() => []);
  const name = files.find((file) => file.startsWith('mongod'));
  return name === undefined ? null : inspectBinary(join(vendorFolder(context), name));
}

/** The vendor's own build, or null where its host cannot be reached. Call it under the install lock. */
export async function installVendorMongod(context: FindContext): Promise<Binary | null> {
  const mirror = context.env['MONGOMS_DOWNLOAD_MIRROR'];
  if (!(await resolves(mirror === undefined ? VENDOR_HOST : new URL(mirror).hostname))) return null;
  try {
    await withProgress(context.onProgress, 'Downloading MongoDB from its vendor (once)', () =>
      installFolder(vendorFolder(context), (folder) => download(folder, context.env)),
    );
  } catch (error) {
    if (!(error instanceof ServicesError)) throw error;
    context.onProgress(`${error.message}; looking further.`);
  }
  return findVendorMongod(context);
}

async function resolves(host: string): Promise<boolean> {
  const found = lookup(host).then(
    () => true,
    () => false,
  );
  return Promise.race([found, sleep(DNS_TIMEOUT_MS, false, { ref: false })]);
}

/** In a process of its own: the downloader is steered by environment variables, and can be ended when it hangs. */
async function download(folder: string, env: FindContext['env']): Promise<void> {
  const strict = {
    ...env,
    // Without this the downloader does not check certificates.
    npm_config_strict_ssl: 'true',
    MONGOMS_MAX_RETRIES: '1',
  };
  const stalled = new AbortController();
  const watching = setInterval(stallDetector(folder, stalled), STALL_MS);
  const result = await runCommand(process.execPath, [DOWNLOADER, folder], {
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    env: strict,
    signal: stalled.signal,
  });
  clearInterval(watching);
  if (result.code !== 0) throw new ServicesError('The download of MongoDB from its vendor failed');
}

/** Aborts when the files of the folder have not grown since the last call. */
function stallDetector(folder: string, stalled: AbortController): () => Promise<void> {
  let lastSize = 0;
  return async () => {
    const files = await readdir(folder);
    const sizes = await Promise.all(
      files.map((file) =>
        stat(join(folder, file)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    const size = sizes.reduce((sum, each) => sum + each, 0);
    if (size === lastSize) stalled.abort();
    lastSize = size;
  };
}
