import { expect } from 'vitest';
import { waitForMail, type MailQuery } from '../../scripts/local-cloud/control-client.ts';
import { localCloud } from '../setup/with-local-cloud.ts';
import { codeIn } from './codes.ts';
import { eventually } from './eventually.ts';
import { codeOf } from './second-factor.ts';

interface Sent {
  text: string;
  /** Of the header. */
  deviceToken: string | null;
}

/** Answers whatever the status. */
type Send = (
  path: string,
  body: unknown,
  sending?: { headers?: Record<string, string>; method?: string },
) => Promise<Sent>;

interface Someone {
  email: string;
  password: string;
  newPassword: string;
}

interface Invited {
  /** Of the owner. */
  accessToken: string;
  restaurantId: string;
}

/**
 * An account from the sign-up to a reset over the real API and worker: link, code, export, second factor, invitation.
 * @returns every secret that went out on the way, by its name, as answers and mails carry them
 */
export async function wholeAccountLife(
  send: Send,
  { email, password, newPassword }: Someone,
  { accessToken, restaurantId }: Invited,
): Promise<Record<string, string>> {
  await send('/api/v1/auth/signup', { email, name: 'Canary Person', password });
  const verifyToken = linkIn(await mailTo({ to: email, subject: 'Confirm your e-mail' }));
  const first = await send('/api/v1/auth/login', { email, password });
  const proven = { headers: { authorization: `Bearer ${field('accessToken', first)}` } };
  expect((await send('/api/v1/auth/email/verify', { token: verifyToken }, proven)).text).toBe('');
  const { deviceToken } = first;
  if (deviceToken === null) throw new Error('a device that is new gets a token');
  const headers = { 'x-device-token': deviceToken };
  const logInCode = await logInByCode(send, email, headers);
  await send(
    `/api/v1/restaurants/${restaurantId}/staff`,
    { email, role: 'kitchen' },
    { headers: { authorization: `Bearer ${accessToken}` } },
  );
  const invitationToken = linkIn(await mailTo({ to: email, subject: 'Work at' }));
  const session = field('accessToken', await send('/api/v1/auth/login', { email, password }, { headers }));
  const exportSignature = await takeExport(send, password, session);
  const factor = await secondFactor(send, { email, password, headers, session });
  await send('/api/v1/auth/password/forgot', { email });
  const resetToken = linkIn(await mailTo({ to: email, subject: 'Set a new password' }));
  expect((await send('/api/v1/auth/password/reset', { token: resetToken, password: newPassword })).text).toBe('');
  return { verifyToken, deviceToken, logInCode, invitationToken, exportSignature, ...factor, resetToken };
}

async function logInByCode(send: Send, email: string, headers: Record<string, string>): Promise<string> {
  const aim = { channel: 'email', email };
  await send('/api/v1/auth/otp/request', aim);
  const code = codeIn(await mailTo({ to: email, subject: 'Your QuickBite code' }));
  field('accessToken', await send('/api/v1/auth/otp/verify', { ...aim, code }, { headers }));
  return code;
}

/** Asked for, made by the worker, and downloaded by its link. */
async function takeExport(send: Send, password: string, session: string): Promise<string> {
  const headers = { authorization: `Bearer ${session}` };
  const id = field('id', await send('/api/v1/me/export', { password }, { headers }));
  const link = await eventually(async () => {
    return new URL(field('downloadUrl', await send(`/api/v1/me/exports/${id}`, null, { headers, method: 'GET' })));
  }, 20_000);
  expect((await send(link.pathname + link.search, null, { method: 'GET' })).text).toContain('canary-person');
  return link.searchParams.get('signature') ?? '';
}

interface Guarding {
  email: string;
  password: string;
  headers: Record<string, string>;
  session: string;
}

async function secondFactor(
  send: Send,
  { email, password, headers, session }: Guarding,
): Promise<Record<string, string>> {
  const authorized = { headers: { ...headers, authorization: `Bearer ${session}` } };
  const factorSecret = field('secret', await send('/api/v1/auth/mfa/setup', { password }, authorized));
  const totp = codeOf(factorSecret);
  const { text } = await send('/api/v1/auth/mfa/confirm', { code: totp }, authorized);
  const { recoveryCodes } = JSON.parse(text) as { recoveryCodes: string[] };
  const challenge = field('challenge', await send('/api/v1/auth/login', { email, password }, { headers }));
  const proof = { challenge, recoveryCode: recoveryCodes[0] };
  field('accessToken', await send('/api/v1/auth/mfa/verify', proof, { headers }));
  const named = recoveryCodes.flatMap((code, index) => [
    [`recoveryCode${index}`, code],
    [`recoveryCode${index} as compared`, code.replaceAll('-', '')],
  ]);
  return { factorSecret, totp, challenge, ...(Object.fromEntries(named) as Record<string, string>) };
}

async function mailTo(query: MailQuery): Promise<string> {
  return (await waitForMail(localCloud.inboxUrl, query, 20_000)).text;
}

function linkIn(text: string): string {
  const token = /#token=([\w.-]{20,})/.exec(text)?.[1];
  if (token === undefined) throw new Error(`there is no link in this mail: ${text}`);
  return token;
}

function field(name: string, { text }: Sent): string {
  const value = new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1];
  if (value === undefined) throw new Error(`no ${name} in ${text}`);
  return value;
}
