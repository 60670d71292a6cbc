import { z } from 'zod';
import { config } from '../../config/index.ts';
import { AppError, invalidCursor } from '../../errors/index.ts';
import type { Actor, Role } from '../../shared/actor.ts';
import { dateFrom } from '../../shared/clock.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import { ledgerEntries, type LedgerAccount, type LedgerEntry, type LedgerLine } from './ledger-entry.model.ts';

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
  const after = cursor === undefined ? {} : afterFilter(positionOf(cursor, scope));
  const rows = await ledgerEntries()
    .find({ ...linesFilter(sight), ...entryFilter(filter), ...after })
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
        ...(accounts === null ? {} : { account: { $in: [...accounts] } }),
      },
    },
  };
}

function entryFilter({ orderId, currency, from, to }: Pick<EntryFilter, 'orderId' | 'currency' | 'from' | 'to'>) {
  const range = {
    ...(from === undefined ? {} : { $gte: dateFrom(from) }),
    ...(to === undefined ? {} : { $lt: dateFrom(to) }),
  };
  return {
    ...(orderId === undefined ? {} : { orderId }),
    ...(currency === undefined ? {} : { currency }),
    ...(from === undefined && to === undefined ? {} : { createdAt: range }),
  };
}

function afterFilter({ at, id }: { at: Date; id: string }) {
  return { $or: [{ createdAt: { $lt: at } }, { createdAt: at, _id: { $lt: id } }] };
}

function positionOf(cursor: string, scope: string): { at: Date; id: string } {
  const position = positionSchema.safeParse(openCursor(cursor, scope, config.quotes.secret));
  if (position.success) return { at: dateFrom(position.data[0]), id: position.data[1] };
  throw invalidCursor();
}

function seal({ createdAt, _id }: LedgerEntry, scope: string): string {
  return sealCursor([createdAt.getTime(), _id], scope, config.quotes.secret);
}
