import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import { appendOutbox } from '../../../infra/queue/index.ts';
import { now, secondsFromNow } from '../../../shared/clock.ts';
import { newId, randomToken } from '../../../shared/ids.ts';
import { findUser, findUserByEmail, type UserRecord } from '../../users/index.ts';
import { LINK_REQUESTED } from '../auth.events.ts';
import { macOf } from '../keys.ts';
import { AccountLinkModel, type AccountLinkRow } from './account-link.model.ts';
import type { LinkKind } from './link-kinds.ts';

/*
 * A link is asked for (a row and a promise), issued by the worker just before the mail leaves (token, account), and used once. The
 * request knows nothing about accounts, so it cannot tell who has one (bar.md case 10); the token exists in the mail alone.
 */

type LinkRequest =
  | { kind: 'reset'; email: string }
  | { kind: 'verify'; email: string; userId: string }
  | { kind: 'change_email'; email: string; userId: string; previousEmail: string; sessionVersion: number };

export interface IssuedLink {
  /** The address that was asked for; for `reset` that of the account. */
  to: string;
  token: string;
  lifeSeconds: number;
  user: UserRecord;
}

/** A link that can be used, of a known account. */
export type OpenLink = AccountLinkRow & { userId: string };

/** @returns the id of the link */
export async function requestLink(tx: Tx, request: LinkRequest): Promise<string> {
  const row: AccountLinkRow = {
    _id: newId(),
    userId: null,
    previousEmail: null,
    sessionVersion: null,
    ...request,
    mac: null,
    createdAt: now(),
    expiresAt: secondsFromNow(lifeSecondsOf(request.kind)),
    usedAt: null,
    closedAt: null,
  };
  await AccountLinkModel.collection.insertOne(row as never, { session: tx });
  await appendOutbox(tx, [{ event: LINK_REQUESTED, payload: { linkId: row._id, kind: row.kind } }]);
  return row._id;
}

/**
 * For the job that mails it, at each of its attempts: a new token, which alone is good from now on, with its whole life before it.
 * @returns null when there is no account, or no need any more
 */
export async function issueLink(linkId: string): Promise<IssuedLink | null> {
  const link = await AccountLinkModel.findById(linkId).lean<AccountLinkRow>();
  const user = link === null ? null : await findUserOf(link);
  if (link === null || user === null || !isNeeded(link, user)) return null;
  const token = randomToken();
  const lifeSeconds = lifeSecondsOf(link.kind);
  const { matchedCount } = await AccountLinkModel.collection.updateOne(
    { _id: linkId as never, usedAt: null, closedAt: null },
    { $set: { userId: user.id, mac: macOf('link', token), expiresAt: secondsFromNow(lifeSeconds) } },
  );
  return matchedCount === 0 ? null : { to: link.email, token, lifeSeconds, user };
}

/** @throws AppError `link_invalid`: unknown, of another kind, used, closed or expired */
export async function getOpenLink(token: string, kinds: readonly LinkKind[]): Promise<OpenLink> {
  const link = await AccountLinkModel.collection.findOne({ mac: macOf('link', token), ...openAmong(kinds) });
  if (link === null) throw new AppError('link_invalid');
  return link as unknown as OpenLink;
}

/**
 * Of many uses at once this lets one pass.
 * @throws AppError `link_invalid`
 */
export async function claimLink(tx: Tx, { _id, kind, mac }: OpenLink): Promise<void> {
  const { matchedCount } = await AccountLinkModel.collection.updateOne(
    // With the token: a newer one may have been issued since it was read.
    { _id: _id as never, mac, ...openAmong([kind]) },
    { $set: { usedAt: now() } },
    { session: tx },
  );
  if (matchedCount === 0) throw new AppError('link_invalid');
}

/** What was asked for before the change that the caller makes must not undo it later. */
export async function closeLinks(tx: Tx, userId: string, kinds: readonly LinkKind[]): Promise<void> {
  await AccountLinkModel.collection.updateMany(
    { userId, kind: { $in: [...kinds] }, usedAt: null, closedAt: null },
    { $set: { closedAt: now() } },
    { session: tx },
  );
}

/** The address that a used link of kind `change_email` took the account from; null when the row is gone. */
export async function findPreviousEmail(linkId: string): Promise<string | null> {
  const link = await AccountLinkModel.findById(linkId, { previousEmail: 1 }).lean<AccountLinkRow>();
  return link?.previousEmail ?? null;
}

function openAmong(kinds: readonly LinkKind[]) {
  return { kind: { $in: [...kinds] }, usedAt: null, closedAt: null, expiresAt: { $gt: now() } };
}

function findUserOf({ kind, email, userId }: AccountLinkRow): Promise<UserRecord | null> {
  if (kind === 'reset') return findUserByEmail(email);
  return userId === null ? Promise.resolve(null) : findUser(userId);
}

function isNeeded({ kind, email, ...before }: AccountLinkRow, user: UserRecord): boolean {
  if (user.status !== 'active') return false;
  if (kind === 'verify') return user.email === email && user.emailVerifiedAt === null;
  return kind === 'reset' || (user.email === before.previousEmail && user.sessionVersion === before.sessionVersion);
}

function lifeSecondsOf(kind: LinkKind): number {
  return kind === 'reset' ? config.auth.resetTtlSeconds : config.auth.verifyTtlSeconds;
}
