import { z } from 'zod';
import { config } from '../../config/index.ts';
import { AppError, invalidCursor } from '../../errors/index.ts';
import type { Actor, Role } from '../../shared/actor.ts';
import { dateFrom } from '../../shared/clock.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import {
  LEDGER_ACCOUNTS,
  ledgerEntries,
  type LedgerAccount,
  type LedgerEntry,
  type LedgerLine,
} from './ledger-entry.model.ts';

export interface EntryFilter {
  account?: LedgerAccount | undefined;
  ownerId?: string | undefined;
  orderId?: string | undefined;
  currency?: string | undefined;
  /** ISO 8601, inclusive. */
  from?: string | undefined;
  /** Exclusive. */
  to?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

interface EntryPage {
  data: LedgerEntry[];
  limit: number;
  nextCursor: string | null;
}

const OWN_ACCOUNTS: Partial<Record<Role, readonly LedgerAccount[]>> = {
  restaurant: ['restaurant'],
  courier: ['courier', 'courier_cash'],
};
const OF_OWNER = { 'lines.ownerId': 1, 'lines.account': 1, createdAt: -1, _id: -1 } as const;
const OF_ACCOUNT = { 'lines.account': 1, createdAt: -1, _id: -1 } as const;
const positionSchema = z.tuple([z.number(), z.string()]);

interface Sight {
  /** Of these accounts; null: of all. */
  accounts: readonly LedgerAccount[] | null;
  ownerId: string | undefined;
}

/** An admin sees everybody's lines, the others those of their own trades. @throws AppError `forbidden` for another's ownerId */
function sightOf({ account, ownerId }: Pick<EntryFilter, 'account' | 'ownerId'>, { userId, roles }: Actor): Sight {
  if (roles.includes('admin')) return { accounts: account === undefined ? null : [account], ownerId };
  if (ownerId !== undefined && ownerId !== userId) throw new AppError('forbidden');
  const own = roles.flatMap((role) => OWN_ACCOUNTS[role] ?? []);
  return { accounts: own.filter((each) => (account ?? each) === each), ownerId: userId };
}

/**
 * Postings, newest first; of the lines only those that the filter means and the actor may see.
 * @throws AppError `forbidden` for another's ownerId
 */
export async function listLedgerEntries({ limit, cursor, ...filter }: EntryFilter, actor: Actor): Promise<EntryPage> {
  const sight = sightOf(filter, actor);
  const { orderId, currency, from, to } = filter;
  const scope = JSON.stringify(['ledger', sight.accounts, sight.ownerId, orderId, currency, from, to]);
  const after = cursor === undefined ? null : positionOf(cursor, scope);
  const rows = await ledgerEntries()
    .find({ ...linesFilter(sight), ...entryFilter(filter), ...timeFilter(filter, after) }, indexFor(sight, filter))
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit + 1)
    .toArray();
  const data = rows.slice(0, limit).map((row) => ({ ...row, lines: row.lines.filter((line) => isSeen(line, sight)) }));
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data, limit, nextCursor: hasMore ? seal(last, scope) : null };
}

function isSeen(line: LedgerLine, { accounts, ownerId }: Sight): boolean {
  return (accounts?.includes(line.account) ?? true) && (ownerId ?? line.ownerId) === line.ownerId;
}

function linesFilter({ accounts, ownerId }: Sight) {
  if (accounts === null && ownerId === undefined) return {};
  return {
    lines: {
      $elemMatch: {
        ...(ownerId === undefined ? {} : { ownerId }),
        // All of them by name: each is a stretch of the index in the order of the list.
        account: { $in: [...(accounts ?? LEDGER_ACCOUNTS)] },
      },
    },
  };
}

function entryFilter({ orderId, currency }: Pick<EntryFilter, 'orderId' | 'currency'>) {
  return { ...(orderId === undefined ? {} : { orderId }), ...(currency === undefined ? {} : { currency }) };
}

/** The range is what the index is entered by; the row where the page before ended, and its equals, are sorted out beside it. */
function timeFilter({ from, to }: Pick<EntryFilter, 'from' | 'to'>, after: { at: Date; id: string } | null) {
  const range = {
    ...(from === undefined ? {} : { $gte: dateFrom(from) }),
    ...(to === undefined ? {} : { $lt: dateFrom(to) }),
    ...(after === null ? {} : { $lte: after.at }),
  };
  return {
    ...(Object.keys(range).length === 0 ? {} : { createdAt: range }),
    ...(after === null ? {} : { $or: [{ createdAt: { $lt: after.at } }, { _id: { $lt: after.id } }] }),
  };
}

/** Where few rows fit, the planner would rather read all postings by time. */
function indexFor({ accounts, ownerId }: Sight, { orderId }: Pick<EntryFilter, 'orderId'>) {
  if (orderId !== undefined) return {};
  if (ownerId !== undefined) return { hint: OF_OWNER };
  return accounts === null ? {} : { hint: OF_ACCOUNT };
}

function positionOf(cursor: string, scope: string): { at: Date; id: string } {
  const position = positionSchema.safeParse(openCursor(cursor, scope, config.quotes.secret));
  if (position.success) return { at: dateFrom(position.data[0]), id: position.data[1] };
  throw invalidCursor();
}

function seal({ createdAt, _id }: LedgerEntry, scope: string): string {
  return sealCursor([createdAt.getTime(), _id], scope, config.quotes.secret);
}
