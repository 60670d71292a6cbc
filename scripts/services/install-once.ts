import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withProgress, type Progress } from './progress.ts';
import { ServicesError } from './services-error.ts';
import { takeLock } from './folder-lock.ts';

/** A download on a slow line may take minutes; whoever waits for it sees progress lines. */
const WAIT_FOR_OTHER_INSTALLER_MS = 15 * 60_000;

/**
 * Runs `work` while no other process does. What an earlier holder installed meanwhile is for `work` to see: it looks first.
 */
export async function underInstallLock<T>(
  { cacheDir, onProgress }: { readonly cacheDir: string; readonly onProgress: Progress },
  server: 'mongod' | 'redis',
  work: () => Promise<T>,
): Promise<T> {
  const lock = await withProgress(onProgress, `Another process is installing ${server}, waiting for it`, () =>
    takeLock(join(cacheDir, `${server}.lock`), WAIT_FOR_OTHER_INSTALLER_MS),
  );
  if (lock === null) {
    throw new ServicesError(
      `Another process has been installing into ${cacheDir} for a quarter of an hour; end it and run the command again.`,
    );
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/**
 * Lets `fill` write into a temporary folder and renames it when that went well, so that a broken download is never taken for
 * an installed server. Call it under the install lock.
 */
export async function installFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(join(folder, '..'), { recursive: true });
  const temporary = await mkdtemp(`${folder}.part-`);
  try {
    await fill(temporary);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
