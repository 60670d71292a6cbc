import { countDeadLetters } from '../../infra/queue/index.ts';
import { nowMs } from '../../shared/clock.ts';
import type { Actor } from '../../shared/actor.ts';
import { versionOf } from '../../shared/public-versions.ts';
import { getCart } from '../carts/index.ts';
import { countStalled, getCourierDay } from '../deliveries/index.ts';
import { countDeliveredBy, countOpenOrders, findNewestOrders } from '../orders/index.ts';
import { addMs, now } from '../../shared/clock.ts';
import { countWithoutIntent } from '../payments/index.ts';
import { countInReview } from '../restaurants/index.ts';
import { listWorkplaces, type Workplace } from '../staff/index.ts';
import { listFavourites } from '../users/index.ts';
import { readThrough, type Made, type View } from './dashboard-cache.ts';
import type { DashboardBody } from './dashboard.schema.ts';
import { toCartSummary, toFavourite, toOrderLines } from './dashboard.presenter.ts';
import { viewWorkplaces } from './workplace-board.service.ts';

type Sections = Omit<DashboardBody, 'age'>;

const NEWEST_ORDERS = 20;
const FAVOURITES = 20;
const WORKPLACES = 20;
const DAY_MS = 86_400_000;
const COUNTED_AT_MOST = 10_000;
/** Houses open, what was sold out is back, the day of 24 hours moves: by the clock alone. */
const TTL_SECONDS = 30;
/** So do payments and deliveries that wait too long; dead letters live in Redis. */
const OFFICE_TTL_SECONDS = 5;

/**
 * What the signed-in person needs on opening the app, by role; `age` says how many seconds old it is. Where somebody works is read at
 * each look, two reads by index, before Redis is asked: who has lost a job must not see its board once more.
 */
export async function getDashboard(actor: Actor): Promise<DashboardBody> {
  const workplaces = actor.roles.includes('restaurant') ? await listWorkplaces(actor.userId) : [];
  const shown = workplaces.slice(0, WORKPLACES);
  const { madeAtMs, value } = await readThrough(viewOf(actor, shown), () => make(actor, shown));
  return { ...value, age: Math.max(0, Math.floor((nowMs() - madeAtMs) / 1000)) };
}

/** What it hangs on. */
function viewOf({ userId, roles }: Actor, workplaces: readonly Workplace[]): View {
  const isOffice = isOfOffice(roles);
  const ids = workplaces.map(({ restaurantId }) => restaurantId);
  return {
    userId,
    scopes: [
      ...[`user:${userId}:${roles.join('+')}`, `user:${userId}`],
      ...workplaces.map(({ restaurantId, role }) => `restaurant:${restaurantId}:${role}`),
      ...ids.map((id) => `restaurant:${id}`),
      ...(isOffice ? ['office'] : []),
    ],
    touches: [
      ...ids.flatMap((id) => [versionOf.restaurant(id), versionOf.menu(id), versionOf.reviews(id)]),
      ...(roles.includes('courier') ? [versionOf.courier(userId)] : []),
      ...(isOffice ? [versionOf.office] : []),
    ],
    ttlSeconds: isOffice ? OFFICE_TTL_SECONDS : TTL_SECONDS,
  };
}

function isOfOffice(roles: Actor['roles']): boolean {
  return roles.includes('support') || roles.includes('admin');
}

async function make(actor: Actor, workplaces: readonly Workplace[]): Promise<Made<Sections>> {
  const { roles, userId } = actor;
  const [customer, restaurants, courier, office] = await Promise.all([
    roles.includes('customer') ? viewCustomer(userId) : null,
    roles.includes('restaurant') ? viewWorkplaces(workplaces) : null,
    roles.includes('courier') ? viewCourier(userId) : null,
    isOfOffice(roles) ? viewOffice() : null,
  ]);
  const shows = (customer?.favouritesOpen ?? []).map(({ id }) => versionOf.restaurant(id));
  return { value: { customer, restaurants, courier, office }, shows };
}

async function viewCustomer(userId: string): Promise<Sections['customer']> {
  const [orders, favourites, cart] = await Promise.all([
    findNewestOrders(userId, NEWEST_ORDERS),
    listFavourites({ limit: FAVOURITES }, userId),
    getCart(userId),
  ]);
  const open = favourites.data.filter(({ isOpen }) => isOpen);
  return { ...toOrderLines(orders), favouritesOpen: open.map(toFavourite), cart: toCartSummary(cart) };
}

async function viewCourier(userId: string): Promise<Sections['courier']> {
  const since = addMs(now(), -DAY_MS);
  const [day, delivered] = await Promise.all([getCourierDay(userId), countDeliveredBy(userId, since)]);
  if (day === null) return null;
  const { isOnline, delivery, offers } = day;
  return {
    isOnline,
    delivery:
      delivery === null
        ? null
        : {
            id: delivery._id,
            orderId: delivery.orderId,
            number: delivery.orderNumber,
            status: delivery.status,
            pickupName: delivery.pickup.name,
            readyEta: delivery.readyEta.toISOString(),
          },
    offers: offers.map(({ _id, expiresAt, pickup, tripMeters, feeMinor, currency }) => {
      const fee = { amount: feeMinor, currency };
      return { id: _id, pickupName: pickup.name, tripMeters, fee, expiresAt: expiresAt.toISOString() };
    }),
    deliveredLastDay: delivered,
  };
}

async function viewOffice(): Promise<Sections['office']> {
  const [openOrders, stalledDeliveries, paymentsWithoutIntent, restaurantsInReview, deadLetters] = await Promise.all([
    countOpenOrders(),
    countStalled(COUNTED_AT_MOST),
    countWithoutIntent(COUNTED_AT_MOST),
    countInReview(COUNTED_AT_MOST),
    // Lives in Redis alone.
    countDeadLetters().catch(() => null),
  ]);
  return { openOrders, stalledDeliveries, paymentsWithoutIntent, restaurantsInReview, deadLetters };
}
