import type { z } from 'zod';
import { DEVELOPMENT_SECRET_PREFIX, envSchema, type Env } from './env.schema.ts';

/** All problems of an environment at once, without any value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

export type Config = ReturnType<typeof toTree>;

type Source = Record<string, string | undefined>;

const EXPLICIT_IN_PRODUCTION = [
  'MONGODB_URI',
  'REDIS_URL',
  'CORS_ORIGINS',
  'TRUST_PROXY_HOPS',
  'PUBLIC_URL',
  'APP_URL',
  'PLATFORM_LEGAL_NAME',
  'PLATFORM_ADDRESS',
  'PLATFORM_TAX_NUMBERS',
] as const;
const SECRETS = ['JWT_SECRET', 'JWT_REFRESH_SECRET', 'QUOTE_SECRET', 'ACCOUNT_SECRET'] as const;
const PAYMENT_SECRETS = ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_WEBHOOK_SECRET'] as const;

/**
 * Reads an environment into the frozen configuration tree. Pure.
 * @throws ConfigError that lists every problem, never a value.
 */
export function loadConfig(source: Source): Config {
  // An empty value in a .env file means "not set".
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = envSchema.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map(describeIssue);
  if (given['NODE_ENV'] === 'production') problems.push(...productionProblems(given));
  if (!parsed.success || problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return deepFreeze(toTree(parsed.data));
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return `${issue.path.join('.')}: ${issue.message}`;
}

function productionProblems(given: Source): string[] {
  const required = [...EXPLICIT_IN_PRODUCTION, ...SECRETS, ...PAYMENT_SECRETS, 'SMTP_URL'];
  const missing = required.filter((key) => given[key] === undefined).map((key) => `${key}: must be set in production`);
  const defaults = SECRETS.filter((key) => given[key]?.startsWith(DEVELOPMENT_SECRET_PREFIX)).map(
    (key) => `${key}: is the development default`,
  );
  const secrets = SECRETS.map((key) => given[key]).filter((value) => value !== undefined);
  const areEqual = new Set(secrets).size < secrets.length;
  const weakened = [
    areEqual && `${SECRETS.join(', ')}: must differ from each other`,
    Number(given['BCRYPT_COST'] ?? 10) < 10 && 'BCRYPT_COST: must be at least 10 in production',
    given['MFA_REQUIRED'] === 'false' && 'MFA_REQUIRED: must not be false in production',
    given['RATE_LIMITS'] === 'false' && 'RATE_LIMITS: must be on in production',
  ].filter((problem) => problem !== false);
  return [...missing, ...defaults, ...weakened];
}

function toTree(env: Env) {
  return {
    isProduction: env.NODE_ENV === 'production',
    isTest: env.NODE_ENV === 'test',
    environment: env.NODE_ENV,
    ...plumbing(env),
    ...vendors(env),
    ...business(env),
  };
}

function plumbing(env: Env) {
  return {
    server: {
      port: env.PORT,
      host: env.HOST,
      privatePort: env.PRIVATE_PORT,
      workerPrivatePort: env.WORKER_PRIVATE_PORT,
      privateHost: env.PRIVATE_HOST,
      publicUrl: env.PUBLIC_URL,
      appUrl: env.APP_URL.replace(/\/$/, ''),
      logLevel: env.LOG_LEVEL,
      shutdownDeadlineMs: env.SHUTDOWN_DEADLINE_SECONDS * 1000,
    },
    mongo: {
      uri: env.MONGODB_URI,
      maxPoolSize: env.MONGODB_MAX_POOL_SIZE,
      waitQueueMs: env.MONGODB_WAIT_QUEUE_SECONDS * 1000,
      timeoutMs: env.MONGODB_TIMEOUT_SECONDS * 1000,
      transactionDeadlineMs: env.TRANSACTION_DEADLINE_SECONDS * 1000,
    },
    redis: { url: env.REDIS_URL, prefix: env.REDIS_PREFIX },
    http: {
      corsOrigins: env.CORS_ORIGINS.split(',').map((origin) => origin.trim()),
      trustProxyHops: env.TRUST_PROXY_HOPS,
      compression: env.COMPRESSION,
      pageCache: env.PAGE_CACHE,
      fastLane: env.FAST_LANE,
      rateLimits: env.RATE_LIMITS,
      docs: env.DOCS && env.NODE_ENV !== 'production',
    },
    worker: {
      outboxRetryMs: env.OUTBOX_RETRY_SECONDS * 1000,
      sweepIntervalMs: env.SWEEP_INTERVAL_SECONDS * 1000,
      jobLockMs: env.JOB_LOCK_SECONDS * 1000,
    },
  };
}

function vendors(env: Env) {
  return {
    payments: {
      secretKey: env.STRIPE_SECRET_KEY,
      isLive: /^[sr]k_live_/.test(env.STRIPE_SECRET_KEY),
      publishableKey: env.STRIPE_PUBLISHABLE_KEY,
      webhookSecret: env.STRIPE_WEBHOOK_SECRET,
      previousWebhookSecret: env.STRIPE_WEBHOOK_SECRET_PREVIOUS,
      apiBaseUrl: env.STRIPE_API_BASE_URL,
      timeoutMs: env.STRIPE_TIMEOUT_SECONDS * 1000,
    },
    mail: { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM },
    sms: {
      accountSid: env.TWILIO_ACCOUNT_SID,
      authToken: env.TWILIO_AUTH_TOKEN,
      from: env.TWILIO_FROM,
      apiBaseUrl: env.TWILIO_API_BASE_URL,
      hourlyBudget: env.SMS_HOURLY_BUDGET,
    },
    social: socialLogIn(env),
    push: pushOf(env),
    images: {
      cloudName: env.CLOUDINARY_CLOUD_NAME,
      apiKey: env.CLOUDINARY_API_KEY,
      apiSecret: env.CLOUDINARY_API_SECRET,
      apiBaseUrl: env.CLOUDINARY_API_BASE_URL,
      deliveryUrl: env.CLOUDINARY_DELIVERY_URL.replace(/\/$/, ''),
      folder: env.CLOUDINARY_FOLDER,
      timeoutMs: env.CLOUDINARY_TIMEOUT_SECONDS * 1000,
      uploadsPerDay: env.UPLOADS_PER_DAY,
      uploadBytesPerDay: env.UPLOAD_MEGABYTES_PER_DAY * 1024 * 1024,
    },
  };
}

function socialLogIn(env: Env) {
  return {
    google: { clientId: env.GOOGLE_CLIENT_ID, clientSecret: env.GOOGLE_CLIENT_SECRET, issuer: env.GOOGLE_ISSUER },
    github: {
      clientId: env.GITHUB_CLIENT_ID,
      clientSecret: env.GITHUB_CLIENT_SECRET,
      url: env.GITHUB_URL,
      apiUrl: env.GITHUB_API_URL,
    },
    returnUrls: env.OAUTH_RETURN_URLS.split(',').map((url) => url.trim()),
  };
}

function business(env: Env) {
  return {
    auth: {
      jwtSecret: env.JWT_SECRET,
      refreshSecret: env.JWT_REFRESH_SECRET,
      accountSecret: env.ACCOUNT_SECRET,
      isMfaRequired: env.MFA_REQUIRED ?? env.NODE_ENV === 'production',
      refreshGraceSeconds: env.REFRESH_GRACE_SECONDS,
      codeTtlSeconds: env.CODE_TTL_SECONDS,
      resetTtlSeconds: env.RESET_TTL_SECONDS,
      verifyTtlSeconds: env.VERIFY_TTL_SECONDS,
      exportTtlSeconds: env.EXPORT_TTL_SECONDS,
      accessTtlSeconds: env.ACCESS_TTL_SECONDS,
      refreshTtlSeconds: env.REFRESH_TTL_SECONDS,
      bcryptCost: env.BCRYPT_COST,
    },
    quotes: { secret: env.QUOTE_SECRET, ttlSeconds: env.QUOTE_TTL_SECONDS },
    orders: orderTimes(env),
    money: moneyOf(env),
    platform: platformOf(env),
    operations: { email: env.OPERATIONS_EMAIL },
    dispatch: {
      offerTtlSeconds: env.OFFER_TTL_SECONDS,
      offersPerRound: env.OFFERS_PER_ROUND,
      stalledSeconds: env.DISPATCH_STALLED_SECONDS,
      dropoffWaitSeconds: env.DROPOFF_WAIT_SECONDS,
      dropoffRadiusMeters: env.DROPOFF_RADIUS_METERS,
      lostSeconds: env.COURIER_LOST_SECONDS,
      fixMaxAgeSeconds: env.COURIER_FIX_MAX_AGE_SECONDS,
    },
    restaurants: { searchRadiusMeters: env.DELIVERY_RADIUS_METERS },
    reviews: { windowSeconds: env.REVIEW_WINDOW_DAYS * 86_400, inviteSeconds: env.REVIEW_INVITE_SECONDS },
  };
}

function moneyOf(env: Env) {
  return {
    cashLimits: limitsOf(env.CASH_LIMITS),
    reconciliationDaysBack: env.RECONCILIATION_DAYS_BACK,
    cashFailuresMax: env.CASH_FAILURES_MAX,
    cashFailureDays: env.CASH_FAILURE_DAYS,
    cashOpenMax: env.CASH_OPEN_MAX,
    courierCashLimits: limitsOf(env.COURIER_CASH_LIMITS),
    courierWayFloors: limitsOf(env.COURIER_WAY_FLOORS),
    payoutDelaySeconds: env.PAYOUT_DELAY_SECONDS,
    documentTtlSeconds: env.DOCUMENT_TTL_SECONDS,
    receiptLinkSeconds: env.RECEIPT_LINK_DAYS * 86_400,
  };
}

function pushOf(env: Env) {
  return {
    services: env.WEB_PUSH_SERVICES.split(','),
    publicKey: env.WEB_PUSH_PUBLIC_KEY,
    privateKey: env.WEB_PUSH_PRIVATE_KEY,
    subject: env.WEB_PUSH_SUBJECT,
    gateway: env.WEB_PUSH_GATEWAY,
    gatewayCaFile: env.WEB_PUSH_GATEWAY_CA,
  };
}

function orderTimes(env: Env) {
  return {
    payTimeoutSeconds: env.PAY_TIMEOUT_SECONDS,
    payAgainSeconds: env.PAY_AGAIN_SECONDS,
    holdWatchSeconds: env.HOLD_WATCH_SECONDS,
    tipWindowSeconds: env.TIP_WINDOW_DAYS * 86_400,
    acceptTimeoutSeconds: env.ACCEPT_TIMEOUT_SECONDS,
    acceptPushSeconds: env.ACCEPT_PUSH_SECONDS,
    acceptSmsSeconds: env.ACCEPT_SMS_SECONDS,
    acceptAlertSeconds: env.ACCEPT_ALERT_SECONDS,
    amendmentAnswerSeconds: env.AMENDMENT_ANSWER_SECONDS,
    prepOverdueSeconds: env.PREP_OVERDUE_SECONDS,
    noShowSeconds: env.NO_SHOW_SECONDS,
    slotHorizonMs: env.SLOT_HORIZON_DAYS * 86_400_000,
  };
}

/** `INR:200000,EUR:8000`; a currency that is not named has none. */
function limitsOf(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(text.split(',').map((part) => [part.slice(0, 3), Number(part.slice(4))]));
}

function platformOf(env: Env) {
  return {
    legalName: env.PLATFORM_LEGAL_NAME,
    addressLine: env.PLATFORM_ADDRESS,
    taxNumbers: taxNumbersOf(env.PLATFORM_TAX_NUMBERS),
  };
}

/** By country. */
function taxNumbersOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(text.split(',').map((part) => [part.slice(0, 2), part.slice(3)]));
}

function deepFreeze<T extends object>(tree: T): T {
  for (const value of Object.values(tree)) if (typeof value === 'object' && value !== null) deepFreeze(value as object);
  return Object.freeze(tree);
}
