import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';

const id = z.string().regex(ID_PATTERN);
const seq = z.int().positive();

/** What a human must act on, or a kitchen at once. */
const OPS_ALERTS = [
  'order_unanswered',
  'food_overdue',
  'delivery_stalled',
  'courier_lost',
  'failed_unseen',
  'restaurant_paused',
  'payment_disputed',
  'refund_failed',
] as const;
export type OpsAlert = (typeof OPS_ALERTS)[number];

/** What a customer's devices are told at once. */
const CUSTOMER_NEWS = ['ready', 'on_its_way', 'at_the_door', 'amendment', 'pay_again', 'ended', 'review'] as const;
export type CustomerNews = (typeof CUSTOMER_NEWS)[number];

/** News that go stale in minutes: eight attempts from a second on, doubling, and each asks first whether it is still true. */
export const alertQueue = defineQueue({
  name: 'alert',
  attempts: 8,
  backoffMs: 1000,
  jobs: {
    'remind-to-accept': z.strictObject({ orderId: id, seq, step: z.enum(['push', 'sms', 'alert']) }),
    'report-overdue': z.strictObject({ orderId: id, seq, step: z.enum(['ask', 'alert']) }),
    'alert-operations': z.strictObject({ orderId: id, seq, kind: z.enum(OPS_ALERTS) }),
    'report-paused': z.strictObject({ restaurantId: id, version: seq }),
    'push-tip-to-courier': z.strictObject({ orderId: id, seq }),
    'push-to-customer': z.strictObject({ orderId: id, seq, news: z.enum(CUSTOMER_NEWS) }),
  },
});
