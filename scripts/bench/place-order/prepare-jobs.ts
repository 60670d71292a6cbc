import { config } from '../../../src/config/index.ts';
import { signAccessToken } from '../../../src/modules/auth/access-token.ts';
import { SessionModel } from '../../../src/modules/auth/sessions/session.model.ts';
import { CartModel, type CartLine } from '../../../src/modules/carts/cart.model.ts';
import { priceCartLines } from '../../../src/modules/carts/cart-lines.ts';
import { assertTakesOrder, orderableLines } from '../../../src/modules/checkout/can-order.ts';
import { QuoteModel } from '../../../src/modules/checkout/quote.model.ts';
import { signQuote } from '../../../src/modules/checkout/quote-signature.ts';
import { agreeTerms } from '../../../src/modules/checkout/quote-terms.ts';
import { findMenuItems, type MenuItem } from '../../../src/modules/menu/index.ts';
import { MenuItemModel } from '../../../src/modules/menu/menu-item.model.ts';
import { availabilityOf } from '../../../src/modules/restaurants/availability.ts';
import { RestaurantModel, type RestaurantRow } from '../../../src/modules/restaurants/restaurant.model.ts';
import { toRestaurantSnapshot, type RestaurantSnapshot } from '../../../src/modules/restaurants/restaurant-snapshot.ts';
import { UserModel, type UserRow } from '../../../src/modules/users/user.model.ts';
import { now, secondsFromNow } from '../../../src/shared/clock.ts';
import { toGeoJson, type GeoPoint } from '../../../src/shared/geo.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { Job } from './jobs.ts';

const LINES_PER_ORDER = 3;

interface Kitchen {
  restaurant: RestaurantSnapshot;
  items: MenuItem[];
}

/** The houses of the seeded city that are open now and count nothing, each with some dishes that need no choice. */
async function findKitchens(): Promise<[Kitchen, ...Kitchen[]]> {
  const rows = await RestaurantModel.find({ status: 'live', capacity: null }).lean<RestaurantRow[]>();
  const open = rows
    .map(toRestaurantSnapshot)
    .filter((restaurant) => availabilityOf(restaurant, { at: now(), point: restaurant.location }).isOpen);
  const kitchens = await Promise.all(
    open.map(async (restaurant) => ({ restaurant, items: await findSimpleItems(restaurant.id) })),
  );
  const [first, ...others] = kitchens.filter(({ items }) => items.length === LINES_PER_ORDER);
  if (first === undefined) throw new Error('no restaurant of the seeded city is open');
  return [first, ...others];
}

async function findSimpleItems(restaurantId: string): Promise<MenuItem[]> {
  const rows = await MenuItemModel.find({ restaurantId, stock: null }, { _id: 1 }).lean<{ _id: string }[]>();
  const items = await findMenuItems(
    restaurantId,
    rows.map(({ _id }) => _id),
  );
  const isSimple = ({ isAvailable, mealtimes, sizes, optionGroups }: MenuItem) =>
    isAvailable && mealtimes.length + sizes.length === 0 && optionGroups.every(({ minSelect }) => minSelect === 0);
  return items.filter(isSimple).slice(0, LINES_PER_ORDER);
}

/** Customers of their own, logged in, each with a filled cart and a genuine quote: no two orders meet in one row. */
export async function prepareJobs(count: number): Promise<Job[]> {
  const kitchens = await findKitchens();
  const made = Array.from({ length: count }, (_, index) =>
    makeCustomer(kitchens[index % kitchens.length] ?? kitchens[0]),
  );
  await Promise.all([
    UserModel.collection.insertMany(made.map(({ user }) => user) as never[]),
    SessionModel.collection.insertMany(made.map(({ session }) => session) as never[]),
    CartModel.collection.insertMany(made.map(({ cart }) => cart) as never[]),
    QuoteModel.collection.insertMany(made.map(({ quote }) => quote) as never[]),
  ]);
  return made.map(({ user, session, quote }) => ({
    userId: user._id,
    sessionId: session._id,
    token: signAccessToken({ userId: user._id, sessionId: session._id, sessionVersion: 0 }),
    quoteId: quote._id,
    key: newId(),
  }));
}

function makeCustomer(kitchen: Kitchen) {
  const at = now();
  const user = makeUser(kitchen.restaurant.location);
  const session = {
    _id: newId(),
    userId: user._id,
    ...{ method: 'password', deviceId: newId(), userAgent: 'bench', lastAddress: '127.0.0.1', lastUsedAt: at },
    sessionVersion: 0,
    createdAt: at,
    expiresAt: secondsFromNow(config.auth.refreshTtlSeconds),
    ...{ revokedAt: null, revokedReason: null },
  };
  const lines: CartLine[] = kitchen.items.map(({ id: itemId }, index) => {
    return { id: newId(), itemId, quantity: index + 1, optionIds: [] };
  });
  const cart = { _id: user._id, restaurantId: kitchen.restaurant.id, lines, version: 3, updatedAt: at };
  return { user, session, cart, quote: makeQuote(user._id, kitchen, lines) };
}

function makeUser(home: GeoPoint): UserRow {
  const _id = newId();
  const address = { label: 'Home', line1: '12 Lighthouse Road', city: 'Saffron Bay', location: toGeoJson(home) };
  return {
    _id,
    email: `bench-${_id}@example.com`,
    name: 'Asha Rao',
    emailVerifiedAt: now(),
    phone: null,
    phoneVerifiedAt: null,
    roles: ['customer'],
    passwordHash: 'nobody logs in with it, it only has the length of a real one',
    passwordChangedAt: null,
    hasSecondFactor: false,
    status: 'active',
    statusReason: null,
    sessionVersion: 0,
    addresses: [{ _id: newId(), ...address }],
    createdAt: now(),
    updatedAt: now(),
  };
}

function makeQuote(customerId: string, { restaurant, items }: Kitchen, lines: CartLine[]) {
  const at = now();
  const deliveryAddress = {
    ...{ label: 'Home', line1: '12 Lighthouse Road', city: 'Saffron Bay', postcode: '403001' },
    location: restaurant.location,
    instructions: 'Second floor',
  };
  const { feeTable } = assertTakesOrder(restaurant, { at, deliveryAddress });
  const terms = agreeTerms({
    ...{ customerId, restaurant, feeTable, deliveryAddress, tipMinor: 2_000, at },
    lines: orderableLines(priceCartLines(lines, items)),
  });
  return { ...terms, signature: signQuote(terms, config.quotes.secret), usedAt: null, orderId: null, replacedBy: null };
}
