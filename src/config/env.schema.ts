import { z } from 'zod';
import { whole } from './whole.ts';
import { businessKeys } from './business-env.schema.ts';
import { vendorKeys } from './vendor-env.schema.ts';

/** Secrets a developer gets for nothing; production refuses them. */
export const DEVELOPMENT_SECRET_PREFIX = 'development-only-';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** A trailing slash or a path would never equal what a browser sends, a wildcard would equal too much. */
const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text && !text.includes('*');
const areOrigins = (list: string) => list.split(',').every((origin) => isOrigin(origin.trim()));

/** Every key the processes read. `.env.example` is generated from it; the defaults stand there. */
export const envSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .meta({ area: 'Process', description: 'development, test or production.' }),
  PORT: whole(0, 65_535)
    .default(5000)
    .meta({ area: 'Process', description: 'Port of the public API. 0 takes a free one.' }),
  HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ area: 'Process', description: 'Address the public API listens on; 0.0.0.0 in a container.' }),
  PRIVATE_PORT: whole(0, 65_535)
    .default(5001)
    .meta({ area: 'Process', description: 'Loopback port of the API for metrics and health.' }),
  WORKER_PRIVATE_PORT: whole(0, 65_535)
    .default(5002)
    .meta({ area: 'Process', description: 'Loopback port of the worker for metrics and health.' }),
  PRIVATE_HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ area: 'Process', description: 'Address of the private port. Never reachable from outside.' }),
  PUBLIC_URL: z
    .url()
    .default('http://127.0.0.1:5000')
    .meta({ area: 'Process', description: 'Where clients reach the API; used in links and in the API document.' }),
  APP_URL: z
    .url()
    .default('http://localhost:5173')
    .meta({ area: 'Process', description: 'Where the front end lives; links in mails lead there.' }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .meta({ area: 'Process', description: 'Lowest level that is logged.' }),
  SHUTDOWN_DEADLINE_SECONDS: whole(1, 300)
    .default(25)
    .meta({ area: 'Process', description: 'A shutdown that takes longer is forced.' }),

  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must be a mongodb:// or mongodb+srv:// address')
    .default('mongodb://127.0.0.1:27017/quickbite?replicaSet=rs0')
    .meta({ area: 'MongoDB', description: 'A replica set; a standalone server has no transactions and is refused.' }),
  MONGODB_MAX_POOL_SIZE: whole(1, 1000).default(50).meta({ area: 'MongoDB', description: 'Connections per process.' }),
  MONGODB_WAIT_QUEUE_SECONDS: whole(1, 60)
    .default(1)
    .meta({ area: 'MongoDB', description: 'Nobody waits longer for one of these connections.' }),
  MONGODB_TIMEOUT_SECONDS: whole(1, 60)
    .default(10)
    .meta({ area: 'MongoDB', description: 'No single database operation takes longer.' }),
  // Its last try begins at the deadline: a refusal is to be answered within five seconds.
  TRANSACTION_DEADLINE_SECONDS: whole(1, 60)
    .default(4)
    .meta({ area: 'MongoDB', description: 'A transaction is retried no longer than this.' }),

  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must be a redis:// or rediss:// address')
    .default('redis://127.0.0.1:6379')
    .meta({ area: 'Redis', description: 'Queues, sockets, limits and cache. maxmemory-policy must be noeviction.' }),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('quickbite')
    .meta({ area: 'Redis', description: 'First part of every key, so that two installations may share a server.' }),

  JWT_SECRET: z
    .string()
    .min(32)
    .default(`${DEVELOPMENT_SECRET_PREFIX}access-secret-change-me`)
    .meta({ area: 'Auth', description: 'Signs access tokens. At least 32 characters.', secret: true }),
  JWT_REFRESH_SECRET: z
    .string()
    .min(32)
    .default(`${DEVELOPMENT_SECRET_PREFIX}refresh-secret-change-me`)
    .meta({ area: 'Auth', description: 'Keys the HMAC under which refresh tokens are stored.', secret: true }),
  QUOTE_SECRET: z
    .string()
    .min(32)
    .default(`${DEVELOPMENT_SECRET_PREFIX}quote-secret-change-me`)
    .meta({ area: 'Auth', description: 'Keys the HMAC over quotes and list cursors.', secret: true }),
  ACCESS_TTL_SECONDS: whole(1, 86_400).default(900).meta({ area: 'Auth', description: 'Life of an access token.' }),
  REFRESH_TTL_SECONDS: whole(60, 31_536_000)
    .default(604_800)
    .meta({ area: 'Auth', description: 'Life of a refresh token.' }),
  ACCOUNT_SECRET: z.string().min(32).default(`${DEVELOPMENT_SECRET_PREFIX}account-secret-change-me`).meta({
    area: 'Auth',
    description:
      'Seals second factors, codes, device tokens and links. Keep it: with another one, second factors must be set up anew.',
    secret: true,
  }),
  REFRESH_GRACE_SECONDS: whole(0, 60)
    .default(10)
    .meta({ area: 'Auth', description: 'For so long a spent refresh token gives its child once more; 0 never.' }),
  CODE_TTL_SECONDS: whole(30, 600)
    .default(600)
    .meta({ area: 'Auth', description: 'Life of a six-digit code by SMS or mail.' }),
  RESET_TTL_SECONDS: whole(60, 86_400)
    .default(1800)
    .meta({ area: 'Auth', description: 'Life of a link that sets a new password.' }),
  VERIFY_TTL_SECONDS: whole(60, 2_592_000)
    .default(259_200)
    .meta({ area: 'Auth', description: 'Life of a link that proves an e-mail address, and of an invitation.' }),
  EXPORT_TTL_SECONDS: whole(60, 2_592_000)
    .default(86_400)
    .meta({ area: 'Auth', description: 'Life of an export of personal data and of the link to it.' }),
  MFA_REQUIRED: flag.optional().meta({
    area: 'Auth',
    description: 'Whether admin and support need a second factor. Unset: in production only, where false is refused.',
  }),
  BCRYPT_COST: whole(4, 15).default(10).meta({ area: 'Auth', description: 'bcrypt cost; at least 10 in production.' }),

  CORS_ORIGINS: z
    .string()
    .refine(areOrigins, 'must name its origins, such as https://app.example, without wildcard, path or trailing slash')
    .default('http://localhost:3000,http://localhost:5173')
    .meta({ area: 'HTTP', description: 'Origins a browser may call from, comma-separated. Explicit in production.' }),
  TRUST_PROXY_HOPS: whole(0, 10)
    .default(0)
    .meta({ area: 'HTTP', description: 'Proxies in front of the API; explicit in production.' }),
  COMPRESSION: flag
    .default(true)
    .meta({ area: 'HTTP', description: 'Compress answers; false where the proxy does it.' }),
  PAGE_CACHE: flag
    .default(true)
    .meta({ area: 'HTTP', description: 'Keep finished public pages; false where tests write behind the API’s back.' }),
  FAST_LANE: flag
    .default(true)
    .meta({ area: 'HTTP', description: 'Answer finished pages before the router; false only for benchmarks.' }),
  RATE_LIMITS: flag.default(true).meta({ area: 'HTTP', description: 'Request limits; false only for benchmarks.' }),
  DOCS: flag.default(true).meta({ area: 'HTTP', description: 'Serve /docs and /openapi.json (never in production).' }),

  ...vendorKeys,

  ...businessKeys,

  OUTBOX_RETRY_SECONDS: whole(1, 3600)
    .default(15)
    .meta({ area: 'Worker', description: 'An outbox row whose effect is not recorded is enqueued again after this.' }),
  SWEEP_INTERVAL_SECONDS: whole(1, 3600)
    .default(15)
    .meta({ area: 'Worker', description: 'How often outbox, timers and missing payment intents are swept.' }),
  // Found at the second look behind its end, so that a job is back at work after twice as long at most (bar.md R2: a minute).
  JOB_LOCK_SECONDS: whole(1, 600)
    .default(15)
    .meta({ area: 'Worker', description: 'A job whose worker is silent for this long is given to another.' }),
});

export type Env = z.infer<typeof envSchema>;
