import { AppError, isAppError, type ErrorCode } from '../../../errors/index.ts';
import { noteSecurityEvent, recordAudit } from '../../../infra/audit/index.ts';
import { withTransaction } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { logger } from '../../../infra/observability/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import type { Client } from '../../../shared/client.ts';
import { createUser, emailSchema, findUser, findUserByEmail, nameSchema, type UserRecord } from '../../users/index.ts';
import { USER_SIGNED_UP } from '../auth.events.ts';
import { issueDeviceToken } from '../device-token.ts';
import { finishLogIn, refuseLogIn, type LoggedIn } from '../log-in.service.ts';
import { assertIsPresent } from '../reauthentication.service.ts';
import { holdSession } from '../sessions/sessions.service.ts';
import {
  challengeOf,
  checksOf,
  openFlow,
  openOutcome,
  takeFlow,
  takeOutcome,
  type Flow,
  type Outcome,
} from './flows.ts';
import { addIdentity, addIdentityWithNotice, findIdentity } from './identities.service.ts';
import type { IdentityRow } from './identity.model.ts';
import { assertProvider, authorizationUrl, readProfile, type Profile } from './provider-client.ts';
import type { ProviderName } from './provider-names.ts';

/*
 * A log-in in three steps. The page sends the browser to us with the hash of a secret that it keeps (PKCE between page and API); we
 * send it on to the provider with secrets of ours (PKCE between API and provider); the provider sends it back to us, and we to the
 * page with a code that only the page's secret opens. No token is ever in an address, and until the last step nothing is written
 * but to Redis.
 */

/** Two first log-ins at once may each find what the other has just made; more in a row nobody loses. */
const MAX_ATTEMPTS = 3;

/** @throws AppError `not_found` (this provider is not set up), `service_unavailable` */
export async function beginSocialLogIn(flow: Flow): Promise<string> {
  assertProvider(flow.provider);
  const { state, nonce, codeVerifier } = await openFlow(flow);
  return authorizationUrl(flow.provider, { state, nonce, codeChallenge: challengeOf(codeVerifier) });
}

/**
 * Whoever can add a provider has a way in of their own for good, so a token alone does not do it.
 * @throws AppError `password_wrong`, `log_in_again` (no password, and no log-in of just now), `not_found`, `service_unavailable`,
 *   `overloaded`
 */
export async function beginIdentityLink(
  { password, ...flow }: Omit<Flow, 'linkUserId'> & { password?: string | undefined },
  actor: Actor,
): Promise<string> {
  await assertIsPresent({ password }, actor);
  return beginSocialLogIn({ ...flow, linkUserId: actor.userId });
}

/**
 * The provider's answer, by way of the browser.
 * @returns where the browser goes now: to the page, with a one-time code or with the code of an error
 * @throws AppError `oauth_failed`: a state that nobody knows, or knew once
 */
export async function completeSocialLogIn(provider: ProviderName, answer: URLSearchParams): Promise<string> {
  const state = answer.get('state') ?? '';
  const flow = await takeFlow(state);
  if (flow === null) throw refuseLogIn(provider, new AppError('oauth_failed', { info: { reason: 'state' } }), null);
  try {
    // Who answers for another provider mixes them up, by mistake or not (RFC 9700 section 4.4).
    if (flow.provider !== provider) throw new AppError('oauth_failed', { info: { reason: 'provider' } });
    const profile = await readProfile(provider, answer, checksOf(state));
    const { codeChallenge, linkUserId } = flow;
    return withParam(flow.returnTo, 'code', await openOutcome({ codeChallenge, linkUserId, profile }));
  } catch (error) {
    return withParam(flow.returnTo, 'error', codeOfRefusal(error, flow));
  }
}

/**
 * The only step that touches the database.
 * @throws AppError `oauth_failed` (unknown, spent or expired code, or not the page that began), `oauth_email_unverified`,
 *   `oauth_account_unverified`, `identity_taken`, `account_suspended`, `mfa_required`
 */
export async function exchangeSocialCode(
  { code, codeVerifier }: { code: string; codeVerifier: string },
  client: Client,
): Promise<LoggedIn> {
  const { profile, linkUserId } = await takeOwnOutcome(code, codeVerifier);
  const { provider } = profile;
  if (linkUserId !== null) throw refuseLogIn(provider, new AppError('oauth_failed'), linkUserId);
  const { user, isNew } = await findOrOpenAccount(profile).catch((error: unknown) => {
    throw isAppError(error) ? refuseLogIn(provider, error, null) : error;
  });
  // Nobody is told of the device that the account was made on.
  const deviceToken = isNew ? issueDeviceToken(user.email) : client.deviceToken;
  return finishLogIn(user, { method: provider, client: { ...client, deviceToken } });
}

/** @throws AppError `oauth_failed`, `identity_taken`, `unauthenticated` */
export async function linkIdentity(
  { code, codeVerifier }: { code: string; codeVerifier: string },
  actor: Actor,
): Promise<IdentityRow> {
  const { userId } = actor;
  const { profile, linkUserId } = await takeOwnOutcome(code, codeVerifier);
  if (linkUserId !== userId) throw new AppError('oauth_failed', { info: { reason: 'another account began' } });
  const known = await findIdentity(profile);
  if (known?.userId === userId) return known;
  return withTransaction(async (tx) => {
    await holdSession(tx, actor);
    return addIdentityWithNotice(tx, profile, userId);
  });
}

async function takeOwnOutcome(code: string, codeVerifier: string): Promise<Outcome> {
  const outcome = await takeOutcome(code, codeVerifier);
  if (outcome !== null) return outcome;
  noteSecurityEvent({ event: 'auth.log_in_failed', reason: 'oauth_failed' });
  throw new AppError('oauth_failed', { info: { reason: 'code' } });
}

/** A known identity; else the account with the verified e-mail, if it is proven there too; else a new account. */
async function findOrOpenAccount(profile: Profile, attempt = 1): Promise<{ user: UserRecord; isNew: boolean }> {
  const identity = await findIdentity(profile);
  const known = identity === null ? null : await findUser(identity.userId);
  if (known !== null) return { user: known, isNew: false };
  const email = verifiedEmailOf(profile);
  const owner = await findUserByEmail(email);
  try {
    if (owner !== null) return { user: await linkToOwner(profile, owner), isNew: false };
    return { user: await openAccount(profile, email), isNew: true };
  } catch (error) {
    // Somebody was faster: it may have been the same person's other click.
    const isRace = isAppError(error, 'email_taken') || isAppError(error, 'identity_taken');
    if (isRace && attempt < MAX_ATTEMPTS) return findOrOpenAccount(profile, attempt + 1);
    throw error;
  }
}

/** Whoever has signed up with an address that is not theirs must not end up in the account of its owner, nor the other way round. */
async function linkToOwner(profile: Profile, owner: UserRecord): Promise<UserRecord> {
  if (owner.emailVerifiedAt === null) throw new AppError('oauth_account_unverified', { info: { userId: owner.id } });
  // A closed account gains nothing; `finishLogIn` says so.
  if (owner.status === 'active') await withTransaction((tx) => addIdentityWithNotice(tx, profile, owner.id));
  return owner;
}

function openAccount(profile: Profile, email: string): Promise<UserRecord> {
  return withTransaction(async (tx) => {
    const name = nameOf(profile, email);
    const user = await createUser(tx, { email, name, passwordHash: null, isEmailVerified: true });
    await recordAudit(tx, { event: 'auth.signed_up', actorId: user.id, subjectId: user.id });
    await addIdentity(tx, profile, user.id);
    await appendOutbox(tx, [{ event: USER_SIGNED_UP, payload: { userId: user.id } }]);
    return user;
  });
}

/** In the form under which accounts are found. */
function verifiedEmailOf({ email, isEmailVerified }: Profile): string {
  const normalised = emailSchema.safeParse(email);
  if (!isEmailVerified || !normalised.success) throw new AppError('oauth_email_unverified');
  return normalised.data;
}

/** Names at a provider follow its rules, not ours. */
function nameOf({ name }: Profile, email: string): string {
  const parsed = nameSchema.safeParse(name?.slice(0, 100));
  return parsed.success ? parsed.data : (email.split('@')[0] ?? email).slice(0, 100);
}

function codeOfRefusal(error: unknown, { provider, linkUserId }: Flow): ErrorCode {
  if (!isAppError(error)) throw error;
  // Not the error itself: the library's carry claims and answers.
  logger.info({ provider, code: error.code, reason: reasonOf(error) }, 'a log-in with a provider failed');
  return refuseLogIn(provider, error, linkUserId).code;
}

function reasonOf({ cause, info }: AppError): string {
  const { name = 'none', code = '' } = (cause ?? {}) as { name?: string; code?: string };
  return `${name} ${code} ${JSON.stringify(info ?? {})}`;
}

function withParam(returnTo: string, name: 'code' | 'error', value: string): string {
  const url = new URL(returnTo);
  url.searchParams.set(name, value);
  return url.href;
}
