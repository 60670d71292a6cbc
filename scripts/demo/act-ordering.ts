import { randomUUID } from 'node:crypto';
import { payWithCard } from '../local-cloud/control-client.ts';
import { DEMO_EMAILS, DEMO_PASSWORD } from '../sample-city/demo-logins.ts';
import {
  price,
  type Delivery,
  type Menu,
  type MenuItem,
  type PlacedOrder,
  type Quote,
  type RestaurantList,
  type Session,
} from './bodies.ts';
import type { Play } from './play.ts';
import type { Player } from './player.ts';

const RESTAURANT = 'The Saffron Table';

/** From sign-up to the restaurant's bell. @returns the order's id */
export async function playOrdering(play: Play): Promise<string> {
  await signUp(play);
  await openForBusiness(play);
  const addressId = await saveAddress(play);
  const restaurantId = await browse(play);
  await fillCart(play, restaurantId);
  const quote = await askForQuote(play, addressId);
  const order = await placeOrderTwice(play, quote);
  await pay(play, order);
  return order.id;
}

async function signUp({ customer, customerEmail, narrator }: Play): Promise<void> {
  await narrator.step('customer', 'signs up', async () => {
    const body = { email: customerEmail, name: 'Asha Guest', password: DEMO_PASSWORD };
    const answer = await customer.call<Session>('POST', '/auth/signup', { body });
    customer.useToken(answer.body.accessToken);
    await customer.connect('/customer');
    return { call: answer.call, state: `${customerEmail}, socket open`, value: null };
  });
}

async function openForBusiness({ restaurant, courier, narrator, door }: Play): Promise<void> {
  await narrator.step('restaurant', 'logs in', () => logIn(restaurant, DEMO_EMAILS.restaurant, '/restaurant'));
  await narrator.step('courier', 'logs in', () => logIn(courier, DEMO_EMAILS.courier, '/courier'));
  await narrator.step('courier', 'goes online', async () => {
    await giveBack(courier);
    const body = { isOnline: true, location: door };
    const answer = await courier.call<{ isOnline: boolean }>('PUT', '/couriers/me/availability', { body });
    return { call: answer.call, state: 'waiting for an offer', value: null };
  });
}

/** A play that was interrupted may have left the courier with a delivery. */
async function giveBack(courier: Player): Promise<void> {
  const { status, body } = await courier.try<Delivery>('GET', '/deliveries/current');
  if (status === 404) return;
  const path = `/deliveries/${body.id}/events`;
  const released = await courier.try('POST', path, { body: { type: 'released' }, idempotencyKey: randomUUID() });
  if (released.status === 200) return;
  throw new Error('the courier still carries the food of an interrupted play: npm run demo -- --fresh begins anew');
}

async function logIn(player: Player, email: string, namespace: string) {
  const answer = await player.call<Session>('POST', '/auth/login', { body: { email, password: DEMO_PASSWORD } });
  player.useToken(answer.body.accessToken);
  await player.connect(namespace);
  return { call: answer.call, state: `${email}, socket open`, value: null };
}

async function saveAddress({ customer, narrator, door }: Play): Promise<string> {
  return narrator.step('customer', 'saves an address', async () => {
    const body = { label: 'Home', line1: '12 Lighthouse Road', city: 'Saffron Bay', location: door };
    const answer = await customer.call<{ id: string }>('POST', '/me/addresses', { body });
    return { call: answer.call, state: body.line1, value: answer.body.id };
  });
}

async function browse({ customer, narrator, door }: Play): Promise<string> {
  const near = `lat=${door.lat}&lng=${door.lng}&openNow=true`;
  await narrator.step('customer', 'looks what is open nearby', async () => {
    const answer = await customer.call<RestaurantList>('GET', `/restaurants?${near}`);
    const [nearest] = answer.body.data;
    if (nearest === undefined) throw new Error('nothing is open near the address');
    const state = `${answer.body.data.length} open, nearest ${nearest.name} (${nearest.distanceMeters ?? 0} m)`;
    return { call: answer.call, state, value: null };
  });
  return narrator.step('customer', 'searches', async () => {
    const answer = await customer.call<RestaurantList>('GET', `/restaurants?${near}&q=saff%20table`);
    const found = answer.body.data.find(({ name }) => name === RESTAURANT);
    if (found === undefined) throw new Error(`${RESTAURANT} was not found`);
    return { call: answer.call, state: `“saff table” finds ${found.name}`, value: found.id };
  });
}

async function fillCart({ customer, narrator }: Play, restaurantId: string): Promise<void> {
  const item = await narrator.step('customer', 'reads the menu', async () => {
    const answer = await customer.call<Menu>('GET', `/restaurants/${restaurantId}/menu`);
    const items = answer.body.categories.flatMap((category) => category.items);
    const dish = items.find(({ isAvailable, optionGroups }) => isAvailable && optionGroups.length > 0) ?? items[0];
    if (dish === undefined) throw new Error('the menu is empty');
    return { call: answer.call, state: `${items.length} dishes; takes ${dish.name}`, value: dish };
  });
  await narrator.step('customer', 'fills the cart', async () => {
    const body = { restaurantId, itemId: item.id, quantity: 2, optionIds: requiredOptions(item) };
    const answer = await customer.call<{ subtotal?: unknown }>('POST', '/cart/items', { body });
    return { call: answer.call, state: `2 × ${item.name} at ${price(item.price)}`, value: null };
  });
}

function requiredOptions({ optionGroups }: MenuItem): string[] {
  return optionGroups.flatMap(({ minSelect, options }) =>
    options
      .filter(({ isAvailable }) => isAvailable)
      .slice(0, minSelect)
      .map(({ id }) => id),
  );
}

async function askForQuote({ customer, narrator }: Play, addressId: string): Promise<Quote> {
  return narrator.step('customer', 'asks for a quote', async () => {
    const answer = await customer.call<Quote>('POST', '/quotes', { body: { addressId, tipMinor: 2000 } });
    return { call: answer.call, state: `${price(answer.body.pricing.total)}, signed, 10 minutes`, value: answer.body };
  });
}

/** The double click: the same key twice at once makes one order. */
async function placeOrderTwice({ customer, narrator }: Play, quote: Quote): Promise<PlacedOrder> {
  return narrator.step('customer', 'orders, twice at once', async () => {
    const request = { body: { quoteId: quote.id, paymentMethod: 'card' }, idempotencyKey: randomUUID() };
    const [first, second] = await Promise.all([
      customer.call<PlacedOrder>('POST', '/orders', request),
      customer.call<PlacedOrder>('POST', '/orders', request),
    ]);
    if (first.body.id !== second.body.id) throw new Error('one key made two orders');
    const replays = [first, second].filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
    if (replays.length !== 1) throw new Error(`${replays.length} of the two answers were replays`);
    return {
      call: `${first.call} and ${second.status}`,
      state: `one order ${first.body.number}: ${first.body.status}`,
      value: first.body,
    };
  });
}

async function pay({ customer, restaurant, narrator, stripeUrl }: Play, order: PlacedOrder): Promise<void> {
  await narrator.step('customer', 'pays at the provider', async () => {
    const { clientSecret, publishableKey } = order.payment;
    if (clientSecret === null) throw new Error('the payment provider gave no client secret');
    const result = await payWithCard({ stripeUrl, publishableKey, clientSecret, paymentMethod: 'pm_card_visa' });
    if (!result.ok) throw new Error(result.message);
    return { call: 'POST provider …/confirm → 200', state: `card held: ${result.intent.status}`, value: null };
  });
  await narrator.step('provider', 'signed webhook', async () => {
    await customer.hearEvent('order.placed', order.id);
    return { call: 'POST /webhooks/payments/stripe → 200', state: 'customer hears order.placed', value: null };
  });
  await narrator.step('restaurant', 'hears the bell', async () => {
    await restaurant.hearEvent('order.placed', order.id);
    return { call: 'socket /restaurant', state: 'order.placed', value: null };
  });
}
