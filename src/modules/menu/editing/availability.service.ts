import { AppError, type FieldProblem } from '../../../errors/index.ts';
import { withTransaction, type Tx } from '../../../infra/mongo/index.ts';
import type { Actor } from '../../../shared/actor.ts';
import { now, secondsFromNow } from '../../../shared/clock.ts';
import { changeMenuItem, getItemAtWork } from '../edit-menu.service.ts';
import { MAX_STOCK } from '../menu-input.schema.ts';
import { MenuItemModel, type MenuItemRow, type MenuOptionGroupRow } from '../menu-item.model.ts';
import { countedItem } from '../stock/stock.service.ts';

const YEAR_SECONDS = 366 * 86_400;

interface State {
  isAvailable: boolean;
  /** Back by itself then. */
  soldOutUntil: Date | null;
}

export interface SetAvailabilityInput {
  itemId: string;
  /** Of the dish itself; absent: as it is. */
  item?: State | undefined;
  sizes: (State & { id: string })[];
  options: (State & { id: string })[];
}

/**
 * What the kitchen says of a dish, its sizes and its options, of all levels. The last word counts: nobody at a stove reads versions.
 * @throws AppError `not_found`, `forbidden`, `validation_failed` for a size or option that is not the dish's, or a time that has passed
 */
export async function setItemAvailability(input: SetAvailabilityInput, actor: Actor): Promise<MenuItemRow> {
  const { itemId, item, sizes, options } = input;
  await getItemAtWork(itemId, actor.userId, 'menu.stock');
  assertAhead(input);
  return withTransaction((tx) =>
    changeMenuItem(tx, { itemId }, (row) => {
      assertParts(row, input);
      return {
        ...item,
        sizes: row.sizes.map((size) => ({ ...size, ...stateIn(sizes, size._id) })),
        optionGroups: row.optionGroups.map((group) => withStates(group, options)),
      };
    }),
  );
}

/** A kitchen says so beside an order. A dish that is off the menu meanwhile is sold out already. */
export async function markSoldOut(tx: Tx, itemIds: readonly string[]): Promise<void> {
  for (const itemId of new Set(itemIds)) {
    const row = await MenuItemModel.findById(itemId, { _id: 1 }).session(tx).lean();
    if (row !== null) await changeMenuItem(tx, { itemId }, () => ({ isAvailable: false, soldOutUntil: null }));
  }
}

export interface SetStockInput {
  itemId: string;
  /** So many are left now; null: they are counted no longer. */
  count?: number | null | undefined;
  /** So many more, or fewer, than are left: what is sold meanwhile stays sold. */
  change?: number | undefined;
}

/** @throws AppError `not_found`, `forbidden`; `stock_out_of_bounds` for a change below zero, or of what nobody counts */
export async function setItemStock({ itemId, count, change = 0 }: SetStockInput, actor: Actor): Promise<MenuItemRow> {
  await getItemAtWork(itemId, actor.userId, 'menu.stock');
  const isCount = count !== undefined;
  const bounds = { $gte: Math.max(0, -change), $lte: MAX_STOCK - Math.max(0, change) };
  const row = await MenuItemModel.collection.findOneAndUpdate(
    isCount ? { _id: itemId as never } : { ...countedItem(itemId), stock: bounds },
    {
      $set: { updatedAt: now(), ...(isCount ? { stock: count } : {}) },
      $inc: { version: 1, ...(isCount ? {} : { stock: change }) },
    },
    { returnDocument: 'after' },
  );
  if (row !== null) return row as unknown as MenuItemRow;
  const message = `Stock counts stay between 0 and ${MAX_STOCK}, and a dish that nobody counts has none: send a count.`;
  throw new AppError('stock_out_of_bounds', { details: [{ path: 'change', code: 'out_of_bounds', message }] });
}

function stateIn(states: readonly (State & { id: string })[], id: string): Partial<State> {
  const found = states.find((state) => state.id === id);
  return found === undefined ? {} : { isAvailable: found.isAvailable, soldOutUntil: found.soldOutUntil };
}

function withStates(group: MenuOptionGroupRow, states: SetAvailabilityInput['options']): MenuOptionGroupRow {
  const options = group.options.map((option) => {
    const groups = option.groups.map((nested) => withStates(nested, states));
    return { ...option, ...stateIn(states, option._id), groups };
  });
  return { ...group, options };
}

function optionIdsOf(groups: readonly MenuOptionGroupRow[]): string[] {
  return groups.flatMap(({ options }) => options.flatMap(({ _id, groups: nested }) => [_id, ...optionIdsOf(nested)]));
}

function assertParts(row: MenuItemRow, { sizes, options }: SetAvailabilityInput): void {
  const known = { sizes: new Set(row.sizes.map(({ _id }) => _id)), options: new Set(optionIdsOf(row.optionGroups)) };
  const unknown = (part: 'sizes' | 'options', named: readonly { id: string }[]) =>
    named.flatMap(({ id }, index): FieldProblem[] => {
      if (known[part].has(id)) return [];
      return [{ path: `${part}.${index}.id`, code: 'unknown', message: 'The item has no such one.' }];
    });
  const details = [...unknown('sizes', sizes), ...unknown('options', options)];
  if (details.length > 0) throw new AppError('validation_failed', { details });
}

/** A time that has passed would say nothing, one beyond a year is a slip of the finger. */
function assertAhead({ item, sizes, options }: SetAvailabilityInput): void {
  const times = [item, ...sizes, ...options].flatMap((state) => state?.soldOutUntil ?? []);
  if (times.every((time) => time > now() && time < secondsFromNow(YEAR_SECONDS))) return;
  const message = 'must lie ahead, within a year';
  throw new AppError('validation_failed', { details: [{ path: 'soldOutUntil', code: 'not_ahead', message }] });
}
