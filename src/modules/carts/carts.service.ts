import { AppError, isDuplicateKey } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { getMenuItem, validateSelection, type MenuItem } from '../menu/index.ts';
import { getLiveRestaurant } from '../restaurants/index.ts';
import { lineProblems, type Choice } from './cart-lines.ts';
import { CartModel, type CartLine, type CartRow } from './cart.model.ts';
import { priceCart, type PricedCart } from './price-cart.service.ts';
import { toCart, type Cart } from './stored-cart.ts';

export const MAX_LINES = 100;
/** Two first additions at once both try to insert the cart; the loser finds it on its second try. */
const MAX_ATTEMPTS = 3;

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
  return toCart(userId, await CartModel.findById(userId).lean<CartRow>());
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
  return priceCart(await appendLines({ userId, restaurantId, lines: [line], isReplacing: replace }));
}

/**
 * Several lines that were judged already, in one write: all of them, or none.
 * @throws AppError `cart_other_restaurant`, `cart_full`
 */
export async function addCartLines(wanted: LinesToAppend): Promise<PricedCart> {
  return priceCart(await appendLines(wanted));
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
  return { $set: { lines: [], updatedAt: now() }, $unset: { couponCode: '' }, $inc: { version: 1 } };
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

interface LinesToAppend {
  userId: string;
  restaurantId: string;
  lines: readonly CartLine[];
  isReplacing: boolean;
}

async function appendLines(wanted: LinesToAppend): Promise<Cart> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    try {
      const row = await CartModel.collection.findOneAndUpdate(appendFilter(wanted), appendPipeline(wanted), {
        upsert: true,
        returnDocument: 'after',
      });
      return toCart(wanted.userId, row as CartRow | null);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // There is a cart that the filter does not match.
      await assertCanAppend(wanted);
    }
  }
  throw new AppError('version_conflict');
}

function appendFilter({ userId, restaurantId, lines, isReplacing }: LinesToAppend): object {
  const isNotFull = { [`lines.${MAX_LINES - lines.length}`]: { $exists: false } };
  return {
    _id: userId,
    $or: [
      { restaurantId, ...isNotFull },
      { 'lines.0': { $exists: false } },
      ...(isReplacing ? [{ restaurantId: { $ne: restaurantId } }] : []),
    ],
  };
}

function appendPipeline({ restaurantId, lines }: LinesToAppend): object[] {
  // $literal, because a note that begins with a dollar sign would be read as a field path.
  const appended = { $literal: [...lines] };
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

async function assertCanAppend({ userId, restaurantId, lines, isReplacing }: LinesToAppend): Promise<void> {
  const cart = await getCart(userId);
  const isOther = cart.restaurantId !== null && cart.restaurantId !== restaurantId;
  if (isOther && !isReplacing) {
    throw new AppError('cart_other_restaurant', { details: { restaurantId: cart.restaurantId ?? '' } });
  }
  if (!isOther && cart.lines.length + lines.length > MAX_LINES) throw new AppError('cart_full');
}

async function changeLine({ userId, lineId }: { userId: string; lineId: string }, change: object): Promise<Cart> {
  const row = await CartModel.collection.findOneAndUpdate(
    { _id: userId as never, 'lines.id': lineId },
    { ...change, $inc: { version: 1 } },
    { returnDocument: 'after' },
  );
  if (row === null) throw new AppError('not_found');
  return toCart(userId, row as unknown as CartRow);
}
