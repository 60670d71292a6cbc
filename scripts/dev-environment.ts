import { parse } from 'dotenv';
import { readFileSync } from 'node:fs';
import { envSchema } from '../src/config/env.schema.ts';

export type Environment = Record<string, string | undefined>;

/**
 * What the developer chose: the shell's variables, then what .env says differently from the defaults. Somebody who copied
 * .env.example as it is has chosen nothing, and gets the built-in servers rather than an error about port 27017.
 */
export function developerEnvironment(shell: Environment, dotEnvFile: string): Environment {
  const defaults = envSchema.parse({}) as Record<string, unknown>;
  const chosen = Object.entries(readDotEnv(dotEnvFile)).filter(
    ([key, value]) => value !== '' && value !== String(defaults[key]),
  );
  return { ...Object.fromEntries(chosen), ...shell };
}

/** Where the developer has an account of their own: its key, and what all its settings begin with. */
const VENDORS = [
  { ownKey: 'STRIPE_SECRET_KEY', prefix: 'STRIPE_' },
  { ownKey: 'TWILIO_ACCOUNT_SID', prefix: 'TWILIO_' },
  { ownKey: 'GOOGLE_CLIENT_ID', prefix: 'GOOGLE_' },
  { ownKey: 'GITHUB_CLIENT_ID', prefix: 'GITHUB_' },
  { ownKey: 'WEB_PUSH_PUBLIC_KEY', prefix: 'WEB_PUSH_' },
  { ownKey: 'CLOUDINARY_CLOUD_NAME', prefix: 'CLOUDINARY_' },
];

/**
 * The local cloud's settings under what the developer chose. With an account of their own at a vendor, that vendor is the
 * developer's: mixing its key with our address would fit neither.
 */
export function withLocalCloud(developer: Environment, cloud: Readonly<Record<string, string>>): Environment {
  const own = VENDORS.filter(({ ownKey }) => (developer[ownKey] ?? '') !== '');
  const used = Object.entries(cloud).filter(([key]) => !own.some(({ prefix }) => key.startsWith(prefix)));
  return { ...Object.fromEntries(used), ...developer };
}

function readDotEnv(file: string): Record<string, string> {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
