import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cruiseOptions } from '../../scripts/architecture/cruise-options.ts';
import { dependencyRules } from '../../scripts/architecture/dependency-rules.ts';
import { layers, moduleTiers } from '../../scripts/architecture/tiers.ts';
import { allowedImports, plantedViolations, type Plant } from './planted-violations.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'quickbite-rules-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe('dependency rules', () => {
  it.each(plantedViolations)('$rule: $because', async ({ rule, files }) => {
    expect(await brokenRules(files)).toEqual([rule]);
  });

  it.each(allowedImports)('allowed: $because', async ({ files }) => {
    expect(await brokenRules(files)).toEqual([]);
  });

  it('each rule has a planted violation', () => {
    const proven = new Set(plantedViolations.map(({ rule }) => rule));
    const unproven = dependencyRules().flatMap(({ name }) => (name !== undefined && !proven.has(name) ? [name] : []));
    expect(unproven).toEqual([]);
  });
});

describe('the tier list', () => {
  it('names every folder and file of src', async () => {
    const entries = await readdir('src');
    const known = new Set(layers.flat());
    expect(entries.filter((entry) => !known.has(path.parse(entry).name))).toEqual([]);
  });

  it('names every module', async () => {
    const known = new Set(moduleTiers.flat());
    const modules = await readdir('src/modules');
    expect(modules.filter((name) => !known.has(name))).toEqual([]);
  });
});

/** Writes the files of one case into a folder of their own and returns the names of the rules they break. */
async function brokenRules(files: Plant['files']): Promise<string[]> {
  const folder = await mkdtemp(path.join(root, 'case-'));
  for (const [name, text] of Object.entries({ ...stubPackages(), ...files })) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  const starts = (await readdir(folder)).filter((name) => ['src', 'tests', 'scripts'].includes(name));
  const { output } = await cruise(starts, {
    ...cruiseOptions,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: dependencyRules() },
  });
  const { violations } = (output as ICruiseResult).summary;
  return [...new Set(violations.map((violation) => violation.rule.name))].sort();
}

/** Packages that resolve, without a copy of the real ones: the rules look at names and at package.json only. */
function stubPackages(): Record<string, string> {
  const names = ['bullmq', 'ioredis', 'socket.io', 'nodemailer', 'stripe', 'express', 'zod', 'vitest', 'unlisted'];
  const manifest = {
    type: 'module',
    dependencies: Object.fromEntries(names.slice(0, -2).map((name) => [name, '1.0.0'])),
    devDependencies: { vitest: '1.0.0' },
  };
  const packages = names.flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
    [`node_modules/${name}/index.js`, 'module.exports = {};'],
  ]);
  return { 'package.json': JSON.stringify(manifest), ...(Object.fromEntries(packages) as Record<string, string>) };
}
