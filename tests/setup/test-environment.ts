import { envSchema } from '../../src/config/env.schema.ts';

/**
 * Replaces every variable that src/config reads by the value tests want, so that neither the shell of the developer nor a
 * .env file changes a result. Must run before anything that imports src/config.
 */
export function setTestEnvironment(servers: { mongoUri: string; redisUrl: string; redisPrefix: string }): void {
  for (const key of Object.keys(envSchema.shape)) Reflect.deleteProperty(process.env, key);
  Object.assign(process.env, {
    NODE_ENV: 'test',
    PORT: '0',
    PRIVATE_PORT: '0',
    WORKER_PRIVATE_PORT: '0',
    LOG_LEVEL: 'silent',
    // Tests write to the database behind the API's back, and read what they wrote in the same breath.
    PAGE_CACHE: 'false',
    MONGODB_URI: servers.mongoUri,
    REDIS_URL: servers.redisUrl,
    REDIS_PREFIX: servers.redisPrefix,
    JWT_SECRET: 'test-only-access-secret-0123456789abcdef',
    JWT_REFRESH_SECRET: 'test-only-refresh-secret-0123456789abcdef',
    QUOTE_SECRET: 'test-only-quote-secret-0123456789abcdef',
    ACCOUNT_SECRET: 'test-only-account-secret-0123456789abcdef',
    BCRYPT_COST: '4',
    // Crowds are about what comes of them. How long they take is the machine's; a test's own limit ends what hangs.
    MONGODB_WAIT_QUEUE_SECONDS: '60',
    TRANSACTION_DEADLINE_SECONDS: '60',
    // A test asks for the sweep it is about; one that comes by itself would do the work of another test's.
    SWEEP_INTERVAL_SECONDS: '3600',
    STRIPE_SECRET_KEY: 'sk_test_quickbite',
    STRIPE_PUBLISHABLE_KEY: 'pk_test_quickbite',
    STRIPE_WEBHOOK_SECRET: 'whsec_test_quickbite',
    // Nobody listens there: a test that pays or mails starts the local cloud and sets its address first.
    STRIPE_API_BASE_URL: 'http://127.0.0.1:9',
    SMTP_URL: 'smtp://127.0.0.1:9',
    TWILIO_API_BASE_URL: 'http://127.0.0.1:9',
    GOOGLE_ISSUER: 'http://127.0.0.1:9',
    // Beginning a log-in there needs no connection.
    GITHUB_CLIENT_ID: 'test-github-client',
    GITHUB_CLIENT_SECRET: 'test-github-secret',
    GITHUB_URL: 'http://127.0.0.1:9',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    CLOUDINARY_API_BASE_URL: 'http://127.0.0.1:9',
  });
}
