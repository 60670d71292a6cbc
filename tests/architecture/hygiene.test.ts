import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readSources } from './source-files.ts';

const SWITCHED_OFF = /\b(?:describe|it|test)(?:\.\w+)*\.(?:only|skip|todo|fails)\b|\b[xf](?:describe|it)\(/;

describe('tests', () => {
  it('none is skipped, left for later or run alone', async () => {
    const sources = await readSources('tests');
    expect(sources.filter(({ text }) => SWITCHED_OFF.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('names no registry, so that npm ci asks the one of the machine it runs on', async () => {
    const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
      packages: Record<string, { resolved?: string }>;
    };
    const resolved = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
    expect(resolved.map(([name]) => name)).toEqual([]);
  });
});
