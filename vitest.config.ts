import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // One embedded PostgreSQL for the whole run; see tests/helpers/database.ts.
    globalSetup: ['tests/helpers/globalSetup.ts'],
    // Processes, not threads: tests start servers, change users and send signals.
    pool: 'forks',
    // Most tests wait more than they work.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A mistake in a test must not leave a server, a file or a variable to the next one.
    restoreMocks: true,
    unstubEnvs: true,
  },
});
