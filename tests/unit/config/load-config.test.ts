import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../../src/config/load-config.ts';

const PRODUCTION = {
  NODE_ENV: 'production',
  MONGODB_URI: 'mongodb://db.internal/quickbite?replicaSet=rs0',
  REDIS_URL: 'rediss://redis.internal:6379',
  CORS_ORIGINS: 'https://app.quickbite.example,https://ops.quickbite.example',
  TRUST_PROXY_HOPS: '1',
  PUBLIC_URL: 'https://api.quickbite.example',
  APP_URL: 'https://quickbite.example',
  PLATFORM_LEGAL_NAME: 'QuickBite Foods Ltd',
  PLATFORM_ADDRESS: '2 Example Quay',
  PLATFORM_TAX_NUMBERS: 'IN:27AAPFU0939F1ZV',
  JWT_SECRET: 'canary-access-secret-0123456789abcdef',
  JWT_REFRESH_SECRET: 'canary-refresh-secret-0123456789abcdef',
  QUOTE_SECRET: 'canary-quote-secret-0123456789abcdef',
  ACCOUNT_SECRET: 'canary-account-secret-0123456789abcdef',
  STRIPE_SECRET_KEY: 'canary-stripe',
  STRIPE_PUBLISHABLE_KEY: 'pk',
  STRIPE_WEBHOOK_SECRET: 'canary-webhook',
  SMTP_URL: 'smtps://canary:login@mail.internal',
};

type Env = Record<string, string | undefined>;

function problemsOf(env: Env): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const keysOf = (problems: readonly string[]) => problems.map((problem) => problem.split(':')[0]);

describe('the configuration', () => {
  it('of an empty environment is that of a developer', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      isProduction: false,
      server: { port: 5000, host: '127.0.0.1', privateHost: '127.0.0.1' },
      http: { corsOrigins: ['http://localhost:3000', 'http://localhost:5173'], trustProxyHops: 0, docs: true },
      auth: { accessTtlSeconds: 900, refreshTtlSeconds: 604_800, bcryptCost: 10 },
      quotes: { ttlSeconds: 600 },
      orders: { payTimeoutSeconds: 900, acceptTimeoutSeconds: 300 },
      mongo: { timeoutMs: 10_000 },
    });
  });

  it('by default gives a transaction up while its refusal can still be answered within five seconds', () => {
    const { mongo } = loadConfig({});
    // The last try begins at the deadline.
    expect(mongo.transactionDeadlineMs).toBeLessThanOrEqual(4000);
  });

  it('is frozen to the leaves', () => {
    const config = loadConfig({});
    expect(() => Object.assign(config.auth, { jwtSecret: 'x' })).toThrow(TypeError);
    expect(() => config.http.corsOrigins.push('https://evil.example')).toThrow(TypeError);
  });

  it('depends on its argument alone and leaves it as it was', () => {
    const env = { PORT: '6000', JWT_SECRET: '' };
    const before = { ...env };
    expect(loadConfig(env)).toEqual(loadConfig({ PORT: '6000' }));
    expect(env).toEqual(before);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
    ['NODE_ENV', 'Production'],
    ['MONGODB_URI', 'postgres://db'],
    ['REDIS_URL', '127.0.0.1:6379'],
    ['PUBLIC_URL', 'quickbite'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://*.quickbite.example'],
    ['CORS_ORIGINS', 'https://a.example,null'],
    ['CORS_ORIGINS', 'https://a.example/'],
    ['COMPRESSION', 'yes'],
    ['JWT_SECRET', 'short'],
    ['REDIS_PREFIX', 'two words'],
  ])('refuses %s=%s', (key, value) => {
    expect(keysOf(problemsOf({ [key]: value }))).toEqual([key]);
  });
});

describe('in production', () => {
  it('a complete environment is taken, and serves no documentation even when asked to', () => {
    expect(problemsOf(PRODUCTION)).toEqual([]);
    expect(loadConfig({ ...PRODUCTION, DOCS: 'true' }).http.docs).toBe(false);
  });

  it.each(Object.keys(PRODUCTION).filter((key) => key !== 'NODE_ENV'))('%s must be set', (key) => {
    expect(problemsOf({ ...PRODUCTION, [key]: undefined })).toEqual([`${key}: must be set in production`]);
    // What a .env file leaves empty is not set.
    expect(problemsOf({ ...PRODUCTION, [key]: '' })).toEqual([`${key}: must be set in production`]);
  });

  it.each([
    ['the default secret of development', { JWT_SECRET: loadConfig({}).auth.jwtSecret }, ['JWT_SECRET']],
    ['a short secret', { QUOTE_SECRET: 'x'.repeat(31) }, ['QUOTE_SECRET']],
    [
      'one secret for two purposes',
      { JWT_REFRESH_SECRET: PRODUCTION.JWT_SECRET },
      ['JWT_SECRET, JWT_REFRESH_SECRET, QUOTE_SECRET, ACCOUNT_SECRET'],
    ],
    ['any origin', { CORS_ORIGINS: '*' }, ['CORS_ORIGINS']],
    ['a cheap password hash', { BCRYPT_COST: '9' }, ['BCRYPT_COST']],
    ['no second factor', { MFA_REQUIRED: 'false' }, ['MFA_REQUIRED']],
    ['no rate limits', { RATE_LIMITS: 'false' }, ['RATE_LIMITS']],
  ])('refuses %s', (...[, changes, keys]) => {
    expect(keysOf(problemsOf({ ...PRODUCTION, ...changes }))).toEqual(keys);
  });

  it('all problems are listed at once, and no value with them', () => {
    const env = {
      ...PRODUCTION,
      MONGODB_URI: 'canary://db',
      PORT: 'canary',
      JWT_SECRET: 'canary',
      REDIS_URL: undefined,
      LOG_LEVEL: 'canary',
    };
    const problems = problemsOf(env);
    expect(keysOf(problems).toSorted()).toEqual(['JWT_SECRET', 'LOG_LEVEL', 'MONGODB_URI', 'PORT', 'REDIS_URL']);
    const { message } = new ConfigError(problems);
    for (const problem of problems) expect(message).toContain(problem);
    expect(message).not.toContain('canary');
  });
});
