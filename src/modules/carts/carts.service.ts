import { AppError, isDuplicateKey } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { dateFrom, now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { findMenuItems, getMenuItem, validateSelection, type MenuItem } from '../menu/index.ts';
import { getLiveRestaurant, getRestaurant, type RestaurantSnapshot } from '../restaurants/index.ts';
import { lineProblems, priceCartLines, type Choice, type PricedCartLine } from './cart-lines.ts';
import { CartModel, type CartLine, type CartRow } from './cart.model.ts';

export const MAX_LINES = 100;
/** Two first additions at once both try to insert the cart; the loser finds it on its second try. */
const MAX_ATTEMPTS = 3;

export interface Cart {
  /** null: the cart is empty. */
  restaurantId: string | null;
  lines: CartLine[];
  /** Grows with every change; 0: there never was one. */
  version: number;
  updatedAt: Date;
}

export interface PricedCart {
  restaurant: RestaurantSnapshot | null;
  lines: PricedCartLine[];
  subtotalMinor: number;
  version: number;
  updatedAt: Date;
}

export interface AddCartItemInput {
  restaurantId: string;
  itemId: string;
  quantity: number;
  sizeId?: string | undefined;
  optionIds: string[];
  note?: string | undefined;
  /** Give up the lines of another restaurant. */
  replace: boolean;
}

export interface ChangeCartItemInput {
  lineId: string;
  quantity?: number | undefined;
  sizeId?: string | undefined;
  optionIds?: string[] | undefined;
  /** null removes it. */
  note?: string | null | undefined;
}

export async function getCart(userId: string): Promise<Cart> {
  return toCart(await CartModel.findById(userId).lean<CartRow>());
}

/** The cart with the menu of this moment: names, prices, and what cannot be ordered. */
export async function getPricedCart(userId: string): Promise<PricedCart> {
  return priceCart(await getCart(userId));
}

/**
 * Appends a line. The one write decides all that another request may change meanwhile: whose restaurant the cart is, and how full.
 * @throws AppError `not_found` (no such item of a live restaurant), `item_unavailable`, `option_selection_invalid`,
 *   `cart_other_restaurant`, `cart_full`
 */
export async function addCartItem(input: AddCartItemInput, userId: string): Promise<PricedCart> {
  const { restaurantId, itemId, quantity, sizeId, optionIds, note, replace } = input;
  const [, item] = await Promise.all([getLiveRestaurant(restaurantId), getMenuItem(restaurantId, itemId)]);
  assertOrderable(item, { sizeId, optionIds });
  const extras = { ...(sizeId === undefined ? {} : { sizeId }), ...(note === undefined ? {} : { note }) };
  const line: CartLine = { id: newId(), itemId, quantity, optionIds, ...extras };
  return priceCart(await appendLine({ userId, restaurantId, line, isReplacing: replace }));
}

/** @throws AppError `not_found`, `item_unavailable`, `option_selection_invalid` */
export async function changeCartItem(input: ChangeCartItemInput, userId: string): Promise<PricedCart> {
  const { lineId, quantity, sizeId, optionIds, note } = input;
  if (sizeId !== undefined || optionIds !== undefined) await assertFitsLine({ lineId, sizeId, optionIds }, userId);
  const set = {
    updatedAt: now(),
    ...(quantity === undefined ? {} : { 'lines.$.quantity': quantity }),
    ...(sizeId === undefined ? {} : { 'lines.$.sizeId': sizeId }),
    ...(optionIds === undefined ? {} : { 'lines.$.optionIds': optionIds }),
    ...(typeof note === 'string' ? { 'lines.$.note': note } : {}),
  };
  const unset = note === null ? { $unset: { 'lines.$.note': '' } } : {};
  return priceCart(await changeLine({ userId, lineId }, { $set: set, ...unset }));
}

/** @throws AppError `not_found` */
export async function removeCartItem(lineId: string, userId: string): Promise<PricedCart> {
  const change = { $pull: { lines: { id: lineId } }, $set: { updatedAt: now() } };
  return priceCart(await changeLine({ userId, lineId }, change));
}

export async function emptyCart(userId: string): Promise<void> {
  await CartModel.collection.updateOne({ _id: userId as never }, emptied());
}

/** Empties the cart in the transaction that turned it into an order. */
export async function clearCart(tx: Tx, userId: string): Promise<void> {
  await CartModel.collection.updateOne({ _id: userId as never }, emptied(), { session: tx });
}

/** With the account. */
export async function forgetCart(tx: Tx, userId: string): Promise<void> {
  await CartModel.collection.deleteOne({ _id: userId as never }, { session: tx });
}

function emptied() {
  return { $set: { lines: [], updatedAt: now() }, $inc: { version: 1 } };
}

function toCart(row: CartRow | null): Cart {
  if (row === null) return { restaurantId: null, lines: [], version: 0, updatedAt: dateFrom(0) };
  const { lines, version, updatedAt } = row;
  return { restaurantId: lines.length === 0 ? null : row.restaurantId, lines, version, updatedAt };
}

async function priceCart({ restaurantId, lines, version, updatedAt }: Cart): Promise<PricedCart> {
  if (restaurantId === null) return { restaurant: null, lines: [], subtotalMinor: 0, version, updatedAt };
  const itemIds = [...new Set(lines.map(({ itemId }) => itemId))];
  const [restaurant, items] = await Promise.all([getRestaurant(restaurantId), findMenuItems(restaurantId, itemIds)]);
  const priced = priceCartLines(lines, items);
  const subtotalMinor = priced.reduce((sum, line) => sum + line.lineTotalMinor, 0);
  return { restaurant, lines: priced, subtotalMinor, version, updatedAt };
}

function assertOrderable(item: MenuItem, choice: Choice): void {
  const { problems } = validateSelection(item, choice.optionIds, choice.sizeId ?? null);
  if (problems.length > 0) throw new AppError('option_selection_invalid', { details: problems });
  const details = lineProblems(item, choice);
  if (details.length > 0) throw new AppError('item_unavailable', { details });
}

/** What is not named stays as it is in the line. */
async function assertFitsLine(
  chosen: Pick<ChangeCartItemInput, 'lineId' | 'sizeId' | 'optionIds'>,
  userId: string,
): Promise<void> {
  const cart = await getCart(userId);
  const line = cart.lines.find(({ id }) => id === chosen.lineId);
  if (line === undefined || cart.restaurantId === null) throw new AppError('not_found');
  const { sizeId = line.sizeId, optionIds = line.optionIds } = chosen;
  assertOrderable(await getMenuItem(cart.restaurantId, line.itemId), { sizeId, optionIds });
}

interface LineToAppend {
  userId: string;
  restaurantId: string;
  line: CartLine;
  isReplacing: boolean;
}

async function appendLine(wanted: LineToAppend): Promise<Cart> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    try {
      const row = await CartModel.collection.findOneAndUpdate(appendFilter(wanted), appendPipeline(wanted), {
        upsert: true,
        returnDocument: 'after',
      });
      return toCart(row as CartRow | null);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // There is a cart that the filter does not match.
      await assertCanAppend(wanted);
    }
  }
  throw new AppError('version_conflict');
}

function appendFilter({ userId, restaurantId, isReplacing }: LineToAppend): object {
  const isNotFull = { [`lines.${MAX_LINES - 1}`]: { $exists: false } };
  return {
    _id: userId,
    $or: [
      { restaurantId, ...isNotFull },
      { 'lines.0': { $exists: false } },
      ...(isReplacing ? [{ restaurantId: { $ne: restaurantId } }] : []),
    ],
  };
}

function appendPipeline({ restaurantId, line }: LineToAppend): object[] {
  // $literal, because a note that begins with a dollar sign would be read as a field path.
  const appended = { $literal: [line] };
  const isSameRestaurant = { $eq: ['$restaurantId', restaurantId] };
  return [
    {
      $set: {
        lines: { $cond: [isSameRestaurant, { $concatArrays: ['$lines', appended] }, appended] },
        restaurantId,
        version: { $add: [{ $ifNull: ['$version', 0] }, 1] },
        updatedAt: now(),
      },
    },
  ];
}

async function assertCanAppend({ userId, restaurantId, isReplacing }: LineToAppend): Promise<void> {
  const cart = await getCart(userId);
  const isOther = cart.restaurantId !== null && cart.restaurantId !== restaurantId;
  if (isOther && !isReplacing) {
    throw new AppError('cart_other_restaurant', { details: { restaurantId: cart.restaurantId ?? '' } });
  }
  if (!isOther && cart.lines.length >= MAX_LINES) throw new AppError('cart_full');
}

async function changeLine({ userId, lineId }: { userId: string; lineId: string }, change: object): Promise<Cart> {
  const row = await CartModel.collection.findOneAndUpdate(
    { _id: userId as never, 'lines.id': lineId },
    { ...change, $inc: { version: 1 } },
    { returnDocument: 'after' },
  );
  if (row === null) throw new AppError('not_found');
  return toCart(row as unknown as CartRow);
}
