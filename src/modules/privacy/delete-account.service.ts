import { AppError } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { afterCommit, forgetAnswers, withTransaction, type Tx } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import { cutSockets } from '../../realtime/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { assertIsPresent, findFormerEmails, forgetLogIns, holdSession } from '../auth/index.ts';
import { forgetCart } from '../carts/index.ts';
import { forgetQuotes } from '../checkout/index.ts';
import { forgetCourier, forgetDropoffs, hasDeliveryInHand } from '../deliveries/index.ts';
import { forgetCustomer, hasOrderUnderWay } from '../orders/index.ts';
import { forgetImages } from '../images/index.ts';
import { forgetCards } from '../payments/index.ts';
import { forgetStatements } from '../reports/index.ts';
import { hasOpenRestaurant } from '../restaurants/index.ts';
import { forgetStaffMember } from '../staff/index.ts';
import { forgetUser, isLastAdmin } from '../users/index.ts';
import { forgetExports } from './exports.service.ts';
import { ACCOUNT_DELETED } from './privacy.events.ts';

/**
 * Anonymises: what was sold, paid and logged stays, the person does not. All in one transaction, so that nobody is ever half gone.
 * @throws AppError `password_wrong`, `log_in_again`, `account_in_use` (with the reasons), `unauthenticated`, `service_unavailable`
 */
export async function deleteAccount(input: { password?: string | undefined }, actor: Actor): Promise<void> {
  await assertIsPresent(input, actor);
  const { userId } = actor;
  await withTransaction(async (tx) => {
    await holdSession(tx, actor);
    await assertFree(tx, userId);
    const user = await forgetUser(tx, userId);
    if (user === null) throw new AppError('unauthenticated');
    await forgetPerson(tx, { userId, emails: [user.email, ...(await findFormerEmails(tx, userId))] });
    await recordAudit(tx, { event: 'account.deleted', subjectId: userId });
    await appendOutbox(tx, [{ event: ACCOUNT_DELETED, payload: { userId } }]);
    afterCommit(tx, () => {
      cutSockets(`user:${userId}`);
    });
  });
}

/**
 * What a request that was under way at that moment wrote after it, and the answers that are kept for repeated requests, other
 * people's about this person's orders among them. Any number of times.
 */
export async function finishDeletion(userId: string): Promise<void> {
  const orderIds = await withTransaction(async (tx) => {
    // A moment's luck: the order was placed first. It needs its address until it has ended.
    if (await hasOrderUnderWay(tx, userId)) throw new Error('an order is under way');
    await forgetUser(tx, userId);
    return forgetPerson(tx, { userId, emails: [] });
  });
  await forgetAnswers({ userId, mentions: orderIds });
}

/** Each module takes the person out of its own rows. @returns the ids of their orders */
async function forgetPerson(tx: Tx, person: { userId: string; emails: string[] }): Promise<string[]> {
  const { userId } = person;
  await forgetQuotes(tx, userId);
  const orderIds = await forgetCustomer(tx, userId);
  await forgetDropoffs(tx, orderIds);
  await forgetCourier(tx, userId);
  await forgetCart(tx, userId);
  await forgetCards(tx, userId);
  await forgetStatements(tx, userId);
  await forgetStaffMember(tx, person);
  await forgetLogIns(tx, person);
  await forgetExports(tx, userId);
  await forgetImages(tx, userId);
  return orderIds;
}

/** What somebody else still counts on. */
const REASONS: readonly (readonly [string, (tx: Tx, userId: string) => Promise<boolean>])[] = [
  ['order_under_way', hasOrderUnderWay],
  ['delivery_in_hand', hasDeliveryInHand],
  ['restaurant_owned', hasOpenRestaurant],
  ['last_admin', isLastAdmin],
];

async function assertFree(tx: Tx, userId: string): Promise<void> {
  const reasons: string[] = [];
  // One after the other: a session takes one command at a time.
  for (const [reason, holds] of REASONS) if (await holds(tx, userId)) reasons.push(reason);
  if (reasons.length > 0) throw new AppError('account_in_use', { details: { reasons } });
}
