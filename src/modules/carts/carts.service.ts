import { AppError, isDuplicateKey } from '../../errors/index.ts';
import type { Tx } from '../../infra/mongo/index.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { validateSelection } from '../menu/index.ts';
import { lineProblems, type Choice } from './cart-lines.ts';
import { CartModel, type CartLine, type CartRow } from './cart.model.ts';
import { findMenuThen, type MenuThen } from './menu-then.service.ts';
import { priceCart, type PricedCart } from './price-cart.service.ts';
import { toCart, type Cart } from './stored-cart.ts';

export const MAX_LINES = 100;
/** Two first additions at once both try to insert the cart; the loser finds it on its second try. */
const MAX_ATTEMPTS = 3;

/** When the slot begins that the cart is meant for; absent: it is wanted as soon as possible. */
interface ForSlot {
  slot?: Date | undefined;
}

export interface AddCartItemInput extends ForSlot {
  restaurantId: string;
  itemId: string;
  quantity: number;
  sizeId?: string | undefined;
  optionIds: string[];
  note?: string | undefined;
  /** Give up the lines of another restaurant. */
  replace: boolean;
}

export interface ChangeCartItemInput extends ForSlot {
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

/** The cart with the menu of this moment: names, prices, and what cannot be ordered for then. @throws AppError `slot_unavailable` */
export async function getPricedCart(userId: string, slot?: Date): Promise<PricedCart> {
  return priceCart(await getCart(userId), slot);
}

/**
 * Appends a line. The one write decides all that another request may change meanwhile: whose restaurant the cart is, and how full.
 * @throws AppError `not_found` (no such item of a live restaurant), `item_unavailable`, `option_selection_invalid`,
 *   `cart_other_restaurant`, `cart_full`, `slot_unavailable`
 */
export async function addCartItem(input: AddCartItemInput, userId: string): Promise<PricedCart> {
  const { restaurantId, itemId, quantity, sizeId, optionIds, note, replace, slot } = input;
  assertOrderable(await findMenuThen({ restaurantId, itemIds: [itemId], slot }), { sizeId, optionIds });
  const extras = { ...(sizeId === undefined ? {} : { sizeId }), ...(note === undefined ? {} : { note }) };
  const line: CartLine = { id: newId(), itemId, quantity, optionIds, ...extras };
  return priceCart(await appendLines({ userId, restaurantId, lines: [line], isReplacing: replace }), slot);
}

/**
 * Several lines that were judged already, in one write: all of them, or none.
 * @throws AppError `cart_other_restaurant`, `cart_full`
 */
export async function addCartLines({ slot, ...wanted }: LinesToAppend & ForSlot): Promise<PricedCart> {
  return priceCart(await appendLines(wanted), slot);
}

/** @throws AppError `not_found`, `item_unavailable`, `option_selection_invalid`, `slot_unavailable` */
export async function changeCartItem(input: ChangeCartItemInput, userId: string): Promise<PricedCart> {
  const { lineId, quantity, sizeId, optionIds, note, slot } = input;
  if (sizeId !== undefined || optionIds !== undefined) await assertFitsLine(input, userId);
  const set = {
    updatedAt: now(),
    ...(quantity === undefined ? {} : { 'lines.$.quantity': quantity }),
    ...(sizeId === undefined ? {} : { 'lines.$.sizeId': sizeId }),
    ...(optionIds === undefined ? {} : { 'lines.$.optionIds': optionIds }),
    ...(typeof note === 'string' ? { 'lines.$.note': note } : {}),
  };
  const unset = note === null ? { $unset: { 'lines.$.note': '' } } : {};
  return priceCart(await changeLine({ userId, lineId }, { $set: set, ...unset }), slot);
}

/** @throws AppError `not_found`, `slot_unavailable` */
export async function removeCartItem(
  { lineId, slot }: ForSlot & { lineId: string },
  userId: string,
): Promise<PricedCart> {
  const change = { $pull: { lines: { id: lineId } }, $set: { updatedAt: now() } };
  return priceCart(await changeLine({ userId, lineId }, change), slot);
}

export async function emptyCart(userId: string): Promise<void> {
  await CartModel.collection.updateOne({ _id: userId as never }, emptied());
}

/** Takes out what has become an order, in its transaction. What was put in after the quote stays. */
export async function clearCart(tx: Tx, userId: string, lineIds: readonly string[]): Promise<void> {
  await CartModel.collection.updateOne(
    { _id: userId as never },
    {
      $pull: { lines: { id: { $in: lineIds } } } as never,
      $set: { updatedAt: now() },
      $unset: { couponCode: '' },
      $inc: { version: 1 },
    },
    { session: tx },
  );
}

/** With the account. */
export async function forgetCart(tx: Tx, userId: string): Promise<void> {
  await CartModel.collection.deleteOne({ _id: userId as never }, { session: tx });
}

function emptied() {
  return { $set: { lines: [], updatedAt: now() }, $unset: { couponCode: '' }, $inc: { version: 1 } };
}

/** One dish of a live restaurant. */
function assertOrderable({ restaurant, items: [item] }: MenuThen, choice: Choice): void {
  if (item === undefined || restaurant.status !== 'live') throw new AppError('not_found');
  const { problems } = validateSelection(item, choice.optionIds, choice.sizeId ?? null);
  if (problems.length > 0) throw new AppError('option_selection_invalid', { details: problems });
  const details = lineProblems(item, choice);
  if (details.length > 0) throw new AppError('item_unavailable', { details });
}

/** What is not named stays as it is in the line. */
async function assertFitsLine(chosen: ChangeCartItemInput, userId: string): Promise<void> {
  const cart = await getCart(userId);
  const line = cart.lines.find(({ id }) => id === chosen.lineId);
  if (line === undefined || cart.restaurantId === null) throw new AppError('not_found');
  const { sizeId = line.sizeId, optionIds = line.optionIds } = chosen;
  const { restaurantId } = cart;
  assertOrderable(await findMenuThen({ restaurantId, itemIds: [line.itemId], slot: chosen.slot }), {
    sizeId,
    optionIds,
  });
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
