import { defineConfig } from 'vitest/config';
import { COMMON } from './tests/setup/common-options.ts';

/** A process shuts down once: these have one of their own. */
const ENDS_ITS_PROCESS = ['tests/unit/infra/shutdown.test.ts', 'tests/unit/auth/password-pool.test.ts'];

/**
 * `unit` and `unit-alone` need no server and are part of `npm run check`; `real` runs on a real MongoDB and Redis.
 */
export default defineConfig({
  // Nothing here reads a .env file, not even for names with Vite's prefix.
  envDir: false,
  test: {
    ...COMMON,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text', 'lcov'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/{unit,architecture}/**/*.test.ts'],
          exclude: ENDS_ITS_PROCESS,
          setupFiles: ['./tests/setup/unit-setup.ts'],
          testTimeout: 10_000,
          // Files share the modules of their worker: to load them anew for each took more than half of the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'unit-alone',
          include: ENDS_ITS_PROCESS,
          setupFiles: ['./tests/setup/unit-setup.ts'],
          testTimeout: 10_000,
        },
      },
      './vitest.real.config.ts',
    ],
  },
});
