import { config } from '../../config/index.ts';
import { AppError, invalidCursor } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import type { Role } from '../../shared/actor.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import { NAME_COLLATION, UserModel, type UserRow } from './user.model.ts';

/** An account as an admin sees it: no secret, no address. */
export type AdminUser = Pick<UserRow, keyof typeof SHOWN>;

const SHOWN = {
  _id: 1,
  email: 1,
  emailVerifiedAt: 1,
  name: 1,
  phone: 1,
  phoneVerifiedAt: 1,
  roles: 1,
  blockedRoles: 1,
  hasSecondFactor: 1,
  status: 1,
  statusReason: 1,
  createdAt: 1,
  updatedAt: 1,
} as const;

export interface UserSearch {
  /** Its beginning, normalised. */
  email?: string | undefined;
  /** Its beginning, whatever the case and the accents. */
  name?: string | undefined;
  /** All of it. */
  phone?: string | undefined;
  role?: Role | undefined;
  status?: UserRow['status'] | undefined;
  limit: number;
  cursor?: string | undefined;
}

interface UserPage {
  data: AdminUser[];
  limit: number;
  nextCursor: string | null;
}

type Query = Record<string, unknown>;

/** In the order of what is searched for; without a search the newest first. At most one of e-mail, name and phone. */
export async function listUsers(search: UserSearch): Promise<UserPage> {
  const { limit } = search;
  const scope = scopeOf(search);
  const rows = await findUsers(search, await startAfter(search, scope)).toArray();
  const data = rows.slice(0, limit) as unknown as AdminUser[];
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data, limit, nextCursor: hasMore ? sealCursor(last._id, scope, config.quotes.secret) : null };
}

/** One more than the limit, to see whether there are more. `from`: the row that the page before ended with. */
export function findUsers(search: UserSearch, from: AdminUser | null) {
  const { by, direction, matches, collation } = orderOf(search);
  const filters: Query[] = [matches, filterOf(search), ...(from === null ? [] : [behind(from, by, direction)])];
  return UserModel.collection
    .find({ $and: filters } as never, { projection: SHOWN, ...(collation && { collation }) })
    .sort(by === 'name' ? { name: direction, _id: direction } : { [by]: direction })
    .limit(search.limit + 1);
}

/** @throws AppError `not_found` */
export async function getUserForAdmin(userId: string, tx?: Tx): Promise<AdminUser> {
  const row = await UserModel.collection.findOne(
    { _id: userId as never },
    { projection: SHOWN, ...(tx && { session: tx }) },
  );
  if (row === null) throw new AppError('not_found');
  return row as unknown as AdminUser;
}

interface Order {
  by: 'email' | 'phone' | 'name' | '_id';
  direction: 1 | -1;
  matches: Query;
  collation?: typeof NAME_COLLATION;
}

/** Ranges, and no pattern: what an admin types is compared and never read as anything else. */
function orderOf({ email, name, phone }: UserSearch): Order {
  // Up to the last code point there is, or the sign that collations keep for the end of everything (U+FFFF in CLDR).
  if (email !== undefined) return { by: 'email', direction: 1, matches: beginsWith('email', email, '\u{10ffff}') };
  if (phone !== undefined) return { by: 'phone', direction: 1, matches: { phone } };
  if (name === undefined) return { by: '_id', direction: -1, matches: {} };
  return { by: 'name', direction: 1, matches: beginsWith('name', name, '\uffff'), collation: NAME_COLLATION };
}

function beginsWith(field: string, prefix: string, last: string): Query {
  return { [field]: { $gte: prefix, $lt: `${prefix}${last}` } };
}

function filterOf({ role, status }: UserSearch): Query {
  return { ...(role === undefined ? {} : { roles: role }), ...(status === undefined ? {} : { status }) };
}

/** Names alone are not unique. */
function behind(from: AdminUser, by: Order['by'], direction: 1 | -1): Query {
  const further = { [by]: { [direction === 1 ? '$gt' : '$lt']: from[by] } };
  return by === 'name' ? { $or: [further, { name: from.name, _id: { $gt: from._id } }] } : further;
}

/** A cursor holds an id and nothing personal, as it stands in a URL: what it sorts by is read anew. */
async function startAfter({ cursor }: UserSearch, scope: string): Promise<AdminUser | null> {
  if (cursor === undefined) return null;
  const userId = openCursor(cursor, scope, config.quotes.secret);
  if (typeof userId !== 'string') throw invalidCursor();
  return getUserForAdmin(userId);
}

function scopeOf({ email, name, phone, role, status }: UserSearch): string {
  return `users ${JSON.stringify([email, name, phone, role, status])}`;
}
