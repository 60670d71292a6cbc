import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Paths of all TypeScript files under a folder, with forward slashes. */
export async function listSources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.ts'))
    .map((entry) => path.posix.join(folder, ...entry.split(path.sep)))
    .sort();
}

export async function readSources(folder: string): Promise<{ file: string; text: string }[]> {
  const files = await listSources(folder);
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
}
