import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const GROUPS = ['plain', 'unlimited', 'alone'] as const;
export type Group = (typeof GROUPS)[number];

const FILES = 'tests/{integration,api,attacks,workers,realtime,services,local-cloud,e2e}/**/*.test.ts';
/** What src/config reads, which it does once in a process. */
const ENVIRONMENT = /\/setup\/(with[a-z-]+)\.ts'/g;
const SHARED: Readonly<Record<string, Group>> = {
  '': 'plain',
  'without-rate-limits': 'unlimited',
};
/** Changes its environment or gives it to processes, starts a worker, which a process does once, or loads modules anew. */
const NEEDS_ITS_OWN = /\/support\/processes\.ts'|process\.env|withWorker: true|vi\.(stubEnv|resetModules)/;
/** About the servers that the others stand on. */
const ABOUT_SERVERS = 'tests/services/';

/**
 * The files of the project `real`, by whom they share a process with: to load the whole product anew for each took more than half of
 * the time. Only those that want an environment of their own are `alone`.
 */
export function filesByGroup(root: string): Record<Group, string[]> {
  const groups: Record<Group, string[]> = { plain: [], unlimited: [], alone: [] };
  for (const file of globSync(FILES, { cwd: root })) {
    groups[groupOf(file, readFileSync(join(root, file), 'utf8'))].push(file);
  }
  return groups;
}

function groupOf(file: string, source: string): Group {
  if (NEEDS_ITS_OWN.test(source) || file.startsWith(ABOUT_SERVERS)) return 'alone';
  const environment = Array.from(source.matchAll(ENVIRONMENT), ([, name]) => name);
  return SHARED[environment.join()] ?? 'alone';
}
