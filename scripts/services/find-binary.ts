import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Progress } from './progress.ts';
import { runCommand } from './run-command.ts';

export interface Binary {
  readonly path: string;
  readonly major: number;
  readonly minor: number;
}

/** What the finders need: where they may look and install, and whom they tell. */
export interface FindContext {
  readonly cacheDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress: Progress;
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The binary with its version, or null when it is absent or does not run here (a wrong libc, a missing library). */
export async function inspectBinary(path: string): Promise<Binary | null> {
  if (!(await isExecutable(path))) return null;
  const { code, stdout } = await runCommand(path, ['--version'], { timeoutMs: 10_000 });
  const version = /\bv=?(\d+)\.(\d+)/.exec(stdout);
  if (code !== 0 || version === null) return null;
  return { path, major: Number(version[1]), minor: Number(version[2]) };
}

/** First usable binary of these names on the PATH. */
export async function findOnPath(
  names: readonly string[],
  context: FindContext,
  isRecentEnough: (binary: Binary) => boolean,
): Promise<Binary | null> {
  const folders = (context.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    const binary = await inspectBinary(path);
    if (binary !== null && isRecentEnough(binary)) return binary;
    if (binary !== null)
      context.onProgress(`${path} is version ${binary.major}.${binary.minor}, too old; looking further.`);
  }
  return null;
}

/** Alpine and the like: the published servers are linked against glibc. */
export function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}
