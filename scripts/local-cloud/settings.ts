import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { newVapidKeys } from './push/vapid-keys.ts';

const clientSchema = z.object({ clientId: z.string(), clientSecret: z.string() });

const settingsSchema = z.object({
  secretKey: z.string().startsWith('sk_test_local_'),
  publishableKey: z.string().startsWith('pk_test_local_'),
  webhookSecret: z.string().startsWith('whsec_'),
  // Later than the first folders: those get theirs at the next start.
  twilioAccountSid: z.string().startsWith('AC').default(newAccountSid),
  twilioAuthToken: z.string().default(newHex),
  google: clientSchema.default(() => newClient('google')),
  github: clientSchema.default(() => newClient('github')),
  cloudinary: z.object({ apiKey: z.string(), apiSecret: z.string() }).default(newCloudAccount),
  push: z.object({ publicKey: z.string(), privateKey: z.string() }).default(newVapidKeys),
  ports: z
    .object({
      stripe: z.number().int(),
      smtp: z.number().int(),
      inbox: z.number().int(),
      twilio: z.number().int(),
      google: z.number().int(),
      github: z.number().int(),
      cloudinary: z.number().int(),
      push: z.number().int(),
      pushGateway: z.number().int(),
    })
    .partial(),
});

export type Settings = z.infer<typeof settingsSchema>;

/**
 * Keys and ports belong to the data folder: made at random on the first start and the same on the next one, so that
 * an API started yesterday still fits. They open nothing but this machine's own stand-ins.
 */
export function loadSettings(dataDir: string): Settings {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const stored = readStored(settingsPath(dataDir));
  if (stored !== null) return stored;
  const fresh: Settings = {
    secretKey: `sk_test_local_${randomName()}`,
    publishableKey: `pk_test_local_${randomName()}`,
    webhookSecret: `whsec_${randomName()}`,
    twilioAccountSid: newAccountSid(),
    twilioAuthToken: newHex(),
    google: newClient('google'),
    github: newClient('github'),
    cloudinary: newCloudAccount(),
    push: newVapidKeys(),
    ports: {},
  };
  saveSettings(dataDir, fresh);
  return fresh;
}

/** Written aside and renamed, so that a start cut short leaves the old file or the new one, never half of it. */
export function saveSettings(dataDir: string, settings: Settings): void {
  const path = settingsPath(dataDir);
  writeFileSync(`${path}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function settingsPath(dataDir: string): string {
  return join(dataDir, 'settings.json');
}

function readStored(path: string): Settings | null {
  if (!existsSync(path)) return null;
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`${path} is damaged; delete it and start again`, { cause });
  }
}

function randomName(): string {
  return randomBytes(24).toString('base64url').replace(/[-_]/g, 'x');
}

/** 32 hexadecimal digits, like the vendor's own. */
function newHex(): string {
  return randomBytes(16).toString('hex');
}

function newAccountSid(): string {
  return `AC${newHex()}`;
}

/** 15 digits and 27 letters, like the vendor's own. */
function newCloudAccount(): { apiKey: string; apiSecret: string } {
  return { apiKey: String(randomInt(1e14, 281_474_976_710_655)), apiSecret: randomName().slice(0, 27) };
}

/** Where people sign in, QuickBite is this client. */
function newClient(provider: string): z.infer<typeof clientSchema> {
  return { clientId: `quickbite-${provider}-${newHex().slice(0, 8)}`, clientSecret: `local-${randomName()}` };
}
