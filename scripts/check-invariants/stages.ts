import { config } from '../../src/config/index.ts';
import { addMs, dateFrom } from '../../src/shared/clock.ts';
import type { OrderStatus } from '../../src/modules/orders/order.machine.ts';
import { AMENDMENT_TIMER } from '../../src/modules/orders/amendments/void-amendment.service.ts';
import { ACCEPT_TIMER } from '../../src/modules/orders/kitchen/kitchen-timers.ts';
import { PAY_TIMER, RELEASE_TIMER } from '../../src/modules/orders/order-command.service.ts';
import { isWaiting } from '../../src/modules/payments/tips/tip-rules.ts';
import type { DatabaseInvariant, OrderCase, OrderInvariant } from './types.ts';

/** A sweep comes every quarter of a minute; a busy machine may need some of them. */
const SWEEP_MS = 60_000;

/** Nobody may wait without a clock that ends it. */
const TIMERS_OF_WAITING: Partial<Record<OrderStatus, string>> = {
  pending_payment: PAY_TIMER,
  placed: ACCEPT_TIMER,
  scheduled: RELEASE_TIMER,
};

/** While the customer is asked, the kitchen's own time stands still. */
export function timerOfWaiting(order: OrderCase['order']): { kind: string; subjectId: string } | null {
  const { _id, status, openAmendmentId } = order;
  if (openAmendmentId !== null) return { kind: AMENDMENT_TIMER, subjectId: openAmendmentId };
  const kind = TIMERS_OF_WAITING[status];
  return kind === undefined ? null : { kind, subjectId: _id };
}

/** Nothing hangs. */
export const STAGE_ORDER_INVARIANTS: readonly OrderInvariant[] = [
  {
    name: 'waiting-has-timer',
    source: 'domain T1-T3',
    judge({ order, timers }) {
      const kind = timerOfWaiting(order)?.kind;
      return kind === undefined || timers.includes(kind) ? [] : [`it is ${order.status} without the timer ${kind}`];
    },
  },
  {
    name: 'only-open-orders-ask',
    source: 'domain 2.2',
    judge({ order, amendments }) {
      const asked = amendments.filter(({ status }) => status === 'proposed').map(({ _id }) => _id);
      const { openAmendmentId } = order;
      const lost = openAmendmentId === null || asked.includes(openAmendmentId) ? [] : [openAmendmentId];
      return [
        ...asked
          .filter((id) => id !== openAmendmentId)
          .map((id) => `amendment ${id} is proposed, and the order does not wait`),
        ...lost.map((id) => `it waits for amendment ${id}, which is not proposed`),
      ];
    },
  },
  {
    name: 'no-stage-past-deadline',
    source: 'bar I5',
    judge(one, { at }) {
      return deadlinesOf(one)
        .filter(({ until }) => until !== null && addMs(until, SWEEP_MS) < at)
        .map(({ stage, until }) => `${stage} since before ${until?.toISOString()}`);
    },
  },
];

export const STAGE_INVARIANTS: readonly DatabaseInvariant[] = [
  {
    name: 'no-timer-overdue',
    source: 'bar I5',
    async *find({ db, at }) {
      const overdue = { dueAt: { $lt: addMs(at, -SWEEP_MS) } };
      for await (const { _id, dueAt, attempts } of db.collection('timers').find(overdue)) {
        yield {
          ids: { timer: String(_id) },
          problem: `due at ${(dueAt as Date).toISOString()}, fired ${String(attempts)} times in vain`,
        };
      }
    },
  },
];

interface Deadline {
  stage: string;
  until: Date | null;
}

function deadlinesOf({ order, tips, amendments, offers }: OrderCase): Deadline[] {
  const { payTimeoutSeconds, acceptTimeoutSeconds } = config.orders;
  const { createdAt, placedAt, releaseAt, collectUntil, payAgainUntil, openAmendmentId } = order;
  // T2 begins anew with each amendment that is settled.
  const turns = [placedAt ?? createdAt, ...amendments.flatMap(({ settledAt }) => settledAt ?? [])];
  const turnMs = Math.max(...turns.map((at) => at.getTime()));
  const stages: Partial<Record<OrderStatus, Date | null>> = {
    pending_payment: addMs(createdAt, payTimeoutSeconds * 1000),
    scheduled: releaseAt,
    placed: openAmendmentId === null ? dateFrom(turnMs + acceptTimeoutSeconds * 1000) : null,
    ready: collectUntil,
  };
  return [
    { stage: order.status, until: stages[order.status] ?? null },
    { stage: 'to be paid again', until: order.endedAt === null ? payAgainUntil : null },
    ...tips
      .filter(({ tip }) => isWaiting(tip))
      .map(({ tip }) => ({ stage: `tip ${tip._id} unpaid`, until: addMs(tip.createdAt, payTimeoutSeconds * 1000) })),
    ...amendments
      .filter(({ status }) => status === 'proposed')
      .map(({ _id, expiresAt }) => ({ stage: `amendment ${_id} proposed`, until: expiresAt })),
    ...offers
      .filter(({ status }) => status === 'pending')
      .map(({ _id, expiresAt }) => ({ stage: `offer ${_id} pending`, until: expiresAt })),
  ];
}
