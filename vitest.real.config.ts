import { defineConfig } from 'vitest/config';
import { COMMON } from './tests/setup/common-options.ts';
import { filesByGroup, GROUPS } from './tests/setup/groups.ts';

const files = filesByGroup(import.meta.dirname);

/** The project `real`, in groups of files that share a process; `--project real` runs them all, `--project 'real (alone)'` one. */
export default defineConfig({
  envDir: false,
  test: {
    name: 'real',
    ...COMMON,
    projects: GROUPS.map((name, index) => ({
      extends: true,
      test: {
        name,
        include: files[name],
        globalSetup: ['./tests/setup/global-setup.ts'],
        setupFiles: ['./tests/setup/worker-setup.ts'],
        testTimeout: 20_000,
        hookTimeout: 30_000,
        isolate: name === 'alone',
        provide: { group: name },
        // One group after the other: a worker ends as soon as a file of another group is next.
        sequence: { groupOrder: index + 1 },
      },
    })),
  },
});
