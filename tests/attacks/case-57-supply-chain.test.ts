import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const MINUTE = 60_000;

/** Licences that a closed product may be built on. */
const LICENCES = new Set([
  ...[
    'MIT',
    'MIT-0',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'CC0-1.0',
    'Unlicense',
  ],
  ...[
    'Python-2.0',
    'CC-BY-4.0',
    '(MIT OR CC0-1.0)',
    '(MIT AND Zlib)',
    'MIT OR Apache-2.0',
    '(BSD-3-Clause OR GPL-2.0)',
    'MIT OR CC0-1.0',
  ],
]);

/** libvips and what sharp builds on it: LGPL, as a library of its own that is linked at run time and can be exchanged. */
const LINKED_AT_RUN_TIME = {
  names: /^(node_modules\/)?@img\/sharp-(libvips-|wasm32|webcontainers-wasm32|win32-)[\w-]*(@[\d.]+)?$/,
  licences: new Set([
    'LGPL-3.0-or-later',
    'Apache-2.0 AND LGPL-3.0-or-later',
    'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
  ]),
};

/** Say it in a field that npm no longer reads; MIT, looked up in the packages. */
const OLD_FIELD = /^(node_modules\/)?(busboy|png-js|streamsearch)(@[\d.]+)?$/;

/** Looked up one by one: web-push is used unchanged (MPL binds its own files); DejaVu is under the font licence of Bitstream Vera. */
const BY_NAME = new Map([
  ['web-push', 'MPL-2.0'],
  ['dejavu-fonts-ttf', 'SEE LICENSE IN README.md AND LICENSE'],
]);

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  engines: { node: string };
}

interface Lock {
  lockfileVersion: number;
  packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  version?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  dev?: boolean;
  inBundle?: boolean;
}

interface Component {
  name: string;
  version: string;
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[];
}

let manifest: Manifest;
let lock: Lock;
beforeAll(async () => {
  manifest = JSON.parse(await readFile('package.json', 'utf8')) as Manifest;
  lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lock;
});

/** npm of the machine, silent; its own answer also where it ends with an error. */
async function npm(...args: string[]): Promise<{ stdout: string; code: number }> {
  try {
    const { stdout } = await run('npm', args, { maxBuffer: 64 * 1024 * 1024, timeout: MINUTE });
    return { stdout, code: 0 };
  } catch (error) {
    const { stdout, code } = error as { stdout?: string; code?: number };
    return { stdout: stdout ?? '', code: code ?? 1 };
  }
}

describe('case 57: the lockfile', () => {
  it('is of the manifest: npm ci would not refuse it', () => {
    const root = lock.packages[''] as unknown as Manifest;
    expect(root.dependencies).toEqual(manifest.dependencies);
    expect(root.devDependencies).toEqual(manifest.devDependencies);
  });

  it('pins every package with its hash', () => {
    const loose = Object.entries(lock.packages).filter(
      ([name, { integrity, link, inBundle }]) =>
        name !== '' && link !== true && inBundle !== true && !(integrity ?? '').startsWith('sha512-'),
    );
    expect(loose.map(([name]) => name)).toEqual([]);
  });

  it('is what is installed, to the version', async () => {
    const entries = Object.entries(lock.packages).filter(([name, { dev }]) => name !== '' && dev !== true);
    const differing = await Promise.all(
      entries.map(async ([name, { version }]) => {
        const text = await readFile(`${name}/package.json`, 'utf8').catch(() => null);
        // Optional ones for other machines are not there.
        if (text === null) return null;
        const installed = (JSON.parse(text) as { version: string }).version;
        return installed === version ? null : `${name} ${installed}, not ${version ?? ''}`;
      }),
    );
    expect(differing.filter((one) => one !== null)).toEqual([]);
  });
});

describe('case 57: the bill of materials', () => {
  it(
    'can be made by npm alone, and names no licence that we may not use',
    async () => {
      const { stdout } = await npm('sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only');
      const { components } = JSON.parse(stdout) as { components: Component[] };
      expect(components.length).toBeGreaterThan(100);
      expect(components.flatMap((one) => unfit(`${one.name}@${one.version}`, licenceOf(one)))).toEqual([]);
    },
    MINUTE,
  );

  it('of the lockfile has a licence for every package of production, also for those that npm leaves out', () => {
    const production = Object.entries(lock.packages).filter(([name, { dev }]) => name !== '' && dev !== true);
    expect(production.length).toBeGreaterThan(100);
    expect(production.flatMap(([name, { license }]) => unfit(name, license ?? null))).toEqual([]);
  });
});

function unfit(name: string, licence: string | null): string[] {
  return isKnown(name, licence) || isFit(name, licence) ? [] : [`${name}: ${licence ?? 'none'}`];
}

/** Looked up by hand. The bill of materials leaves out what has no short name. */
function isKnown(name: string, licence: string | null): boolean {
  if (licence === null && OLD_FIELD.test(name)) return true;
  const known = BY_NAME.get(name.replace(/^node_modules\/|@[\d.]+$/g, ''));
  return known !== undefined && (licence ?? known) === known;
}

function isFit(name: string, licence: string | null): boolean {
  const { names, licences } = LINKED_AT_RUN_TIME;
  return licence !== null && (LICENCES.has(licence) || (names.test(name) && licences.has(licence)));
}

function licenceOf({ licenses = [] }: Component): string | null {
  const [first] = licenses;
  return first?.expression ?? first?.license?.id ?? first?.license?.name ?? null;
}

describe('case 57: Node', () => {
  it('is the pinned line, in the manifest, here, and in the lockfile', () => {
    const pinned = /\d+/.exec(manifest.engines.node)?.[0];
    expect(pinned).toBe('24');
    expect(process.versions.node.split('.')[0]).toBe(pinned);
    expect(lock.packages['node_modules/node']?.version).toBe(process.versions.node);
  });
});

describe('case 57: known holes', () => {
  it(
    'of high or critical kind are none in what runs in production, where the registry tells of them',
    async ({ skip }) => {
      const { stdout } = await npm('audit', '--omit=dev', '--audit-level=high', '--json');
      const report = parse(stdout);
      if (report?.metadata === undefined) {
        skip(`the registry of this machine gives no audit: ${report?.message ?? stdout.slice(0, 200)}`);
        return;
      }
      const { high, critical } = report.metadata.vulnerabilities;
      expect({ high, critical }, stdout).toEqual({ high: 0, critical: 0 });
    },
    MINUTE,
  );
});

interface AuditReport {
  message?: string;
  metadata?: { vulnerabilities: { high: number; critical: number } };
}

function parse(text: string): AuditReport | null {
  try {
    return JSON.parse(text) as AuditReport;
  } catch {
    return null;
  }
}
