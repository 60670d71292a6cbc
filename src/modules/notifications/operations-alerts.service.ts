import { config } from '../../config/index.ts';
import { counter, logger } from '../../infra/observability/index.ts';
import { timeTextsOf } from '../../shared/time-texts.ts';
import { findOrder } from '../orders/index.ts';
import { findRestaurants } from '../restaurants/index.ts';
import { appLink } from './app-links.ts';
import type { OpsAlert } from './alerts.jobs.ts';
import { actOnce, findRecipient, sendOnce } from './send-once.service.ts';

interface Alert {
  kind: OpsAlert;
  /** Of the event: there is one alert for each. */
  subjectId: string;
  /** Whom operations must look after. */
  about: string;
  link: string;
}

const SENTENCES: Readonly<Record<OpsAlert, string>> = {
  order_unanswered: 'has not been answered by its restaurant. Call them; it expires soon.',
  food_overdue: 'is long overdue in the kitchen. Call the restaurant; the customer was told a new time.',
  delivery_stalled: 'finds no courier.',
  courier_lost: 'is with a courier whose position we have not had for minutes. Call the courier.',
  failed_unseen:
    'has failed at the cost of its customer, and we did not see the courier at the door all the time. Look at its events.',
  payment_disputed: 'is disputed: the bank has taken its money back. Answer at the provider before its time is up.',
  refund_failed: 'is to be refunded, and the provider refuses it for good. Decide how the customer gets the money.',
  restaurant_paused: 'let three orders expire within an hour and was paused for an hour.',
};

const alerts = counter('quickbite_ops_alerts_total', 'What operations were alerted to', ['kind']);

/** @throws what the mail server throws; log and metric have told it by then */
export async function alertAboutOrder(alert: { orderId: string; seq: number; kind: OpsAlert }): Promise<void> {
  const { orderId, seq, kind } = alert;
  const order = await findOrder(orderId);
  if (order === null) return;
  await alertOperations({
    ...{ kind, subjectId: `${orderId}-${seq}`, about: `Order ${order.number} of ${order.restaurant.name}` },
    link: appLink(`/orders/${orderId}`),
  });
}

/** A restaurant that does not answer was paused: its owner hears why, and operations that they should call. */
export async function reportPaused({
  restaurantId,
  version,
}: {
  restaurantId: string;
  version: number;
}): Promise<void> {
  const [restaurant] = await findRestaurants([restaurantId]);
  if (restaurant === undefined) return;
  const subjectId = `${restaurantId}-${version}`;
  const { name: restaurantName, timeZone, pausedUntil } = restaurant;
  const link = appLink(`/console/restaurants/${restaurantId}`);
  await alertOperations({ kind: 'restaurant_paused', subjectId, about: restaurantName, link });
  const recipient = await findRecipient(restaurant.ownerId);
  if (recipient === null || pausedUntil === null) return;
  const until = timeTextsOf(timeZone).time(pausedUntil);
  const { to, greeting } = recipient;
  const subject = `${restaurantName} is paused until ${until}`;
  await sendOnce({
    kind: 'restaurant-paused',
    subjectId,
    to,
    subject,
    data: { greeting, restaurantName, until, link },
  });
}

async function alertOperations({ kind, subjectId, about, link }: Alert): Promise<void> {
  await actOnce({ kind: 'ops-note', subjectId: `${kind}-${subjectId}` }, () => {
    alerts.inc({ kind });
    logger.error({ kind, subjectId }, 'operations must act');
    return Promise.resolve(true);
  });
  await sendOnce({
    ...{ kind: 'ops-alert', subjectId: `${kind}-${subjectId}`, to: config.operations.email },
    subject: `${about}: ${kind.replaceAll('_', ' ')}`,
    data: { about, sentence: SENTENCES[kind], link },
  });
}
