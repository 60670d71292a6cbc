import { config as readDotEnv } from 'dotenv';
import { ConfigError, loadConfig, type Config } from './load-config.ts';

// Tests never read .env: their environment is made by tests/setup alone.
if (process.env['NODE_ENV'] !== 'test') readDotEnv({ quiet: true });

/** The frozen configuration of this process. Reading it is the one thing that happens at import time. */
export const config = readOrExit();

function readOrExit(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
