/**
 * Writes `.env.example` from the configuration schema; with --check it only compares and names the keys that differ.
 * Usage: npm run env:write | npm run env:check
 */
import { readFile, writeFile } from 'node:fs/promises';
import { envSchema } from '../src/config/env.schema.ts';
import { differingKeys, renderEnvExample } from './architecture/env-example.ts';

const FILE = new URL('../.env.example', import.meta.url);

const expected = renderEnvExample(envSchema);
if (process.argv.includes('--check')) await check();
else await writeFile(FILE, expected);

async function check(): Promise<void> {
  const actual = await readFile(FILE, 'utf8').catch(() => '');
  if (actual === expected) return;
  const keys = differingKeys(actual, expected);
  console.error(`.env.example differs from src/config/env.schema.ts: ${keys.join(', ') || 'text between the keys'}.`);
  console.error('Run: npm run env:write');
  process.exitCode = 1;
}
