import { dateFrom } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Money } from '../../shared/money.ts';
import type { MenuOptionGroupRow, MenuOptionRow, MenuSizeRow } from './menu-item.model.ts';

/** What may come with it from a file; the console has routes of its own for that. */
interface State {
  isAvailable?: boolean | undefined;
  soldOutUntil?: string | null | undefined;
}

interface Named {
  id?: string | undefined;
  name: string;
}

interface PricedDraft extends Named, State {
  price: Money;
}

export interface GroupDraft extends Named {
  minSelect: number;
  maxSelect: number;
  options: OptionDraft[];
}

export interface OptionDraft extends PricedDraft {
  groups?: GroupDraft[] | undefined;
}

/**
 * Rows of sizes as they shall be. One that is there already, by its id or else by its name, keeps its id, so that carts survive, and
 * what the kitchen says of it. An id that is not there names nothing, and a new one is given.
 */
export function toSizeRows(drafts: readonly PricedDraft[], stored: readonly MenuSizeRow[] = []): MenuSizeRow[] {
  return paired(drafts, stored).map(([draft, kept]) => {
    return { _id: kept?._id ?? newId(), name: draft.name, priceMinor: draft.price.amount, ...stateOf(draft, kept) };
  });
}

/** The same of option groups, to the second level. */
export function toGroupRows(
  drafts: readonly GroupDraft[],
  stored: readonly MenuOptionGroupRow[] = [],
): MenuOptionGroupRow[] {
  return paired(drafts, stored).map(([draft, kept]) => {
    const { name, minSelect, maxSelect, options } = draft;
    return { _id: kept?._id ?? newId(), name, minSelect, maxSelect, options: toOptionRows(options, kept?.options) };
  });
}

function toOptionRows(drafts: readonly OptionDraft[], stored: readonly MenuOptionRow[] = []): MenuOptionRow[] {
  return paired(drafts, stored).map(([draft, kept]) => ({
    _id: kept?._id ?? newId(),
    name: draft.name,
    priceMinor: draft.price.amount,
    ...stateOf(draft, kept),
    groups: toGroupRows(draft.groups ?? [], kept?.groups),
  }));
}

/** Each draft with the row that it continues. No row is continued twice. */
function paired<Draft extends Named, Row extends { _id: string; name: string }>(
  drafts: readonly Draft[],
  stored: readonly Row[],
): [Draft, Row | undefined][] {
  const byId = new Map(stored.map((row) => [row._id, row]));
  const taken = new Set(drafts.flatMap(({ id }) => (id !== undefined && byId.has(id) ? [id] : [])));
  const byName = new Map(stored.filter(({ _id }) => !taken.has(_id)).map((row) => [row.name, row]));
  return drafts.map((draft) => {
    const own = draft.id === undefined ? undefined : byId.get(draft.id);
    return [draft, own ?? byName.get(draft.name)];
  });
}

interface StoredState {
  isAvailable: boolean;
  soldOutUntil: Date | null;
}

/** Of what is there the kitchen's word counts, of a new one the draft's. */
export function stateOf({ isAvailable = true, soldOutUntil }: State, kept?: StoredState): StoredState {
  if (kept !== undefined) return { isAvailable: kept.isAvailable, soldOutUntil: kept.soldOutUntil };
  return { isAvailable, soldOutUntil: typeof soldOutUntil === 'string' ? dateFrom(soldOutUntil) : null };
}
