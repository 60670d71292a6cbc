import { z } from 'zod';
import { defineQueue } from '../../infra/queue/index.ts';
import { ID_PATTERN } from '../../shared/ids.ts';
import { ACCOUNT_CHANGES, LINK_KINDS } from '../auth/index.ts';
import { DECISIONS } from '../console/index.ts';

const id = z.string().regex(ID_PATTERN);

/** Twelve attempts from two seconds on, doubling: a mail server may be away for two hours before a human is asked. */
export const emailQueue = defineQueue({
  name: 'email',
  attempts: 12,
  backoffMs: 2000,
  jobs: {
    'send-welcome': z.strictObject({ userId: id }),
    'send-order-confirmation': z.strictObject({ orderId: id }),
    'send-order-delayed': z.strictObject({ orderId: id, seq: z.int().positive() }),
    'send-order-ready': z.strictObject({ orderId: id }),
    'send-order-ended': z.strictObject({ orderId: id }),
    'send-refunded': z.strictObject({ orderId: id, seq: z.int().positive() }),
    'send-tip': z.strictObject({ orderId: id, seq: z.int().positive() }),
    'send-pay-again': z.strictObject({ orderId: id, seq: z.int().positive() }),
    'send-amendment-proposed': z.strictObject({ amendmentId: id }),
    'send-review-invitation': z.strictObject({ orderId: id }),
    'send-receipt': z.strictObject({ orderId: id }),
    'send-staff-invitation': z.strictObject({ invitationId: id }),
    'send-restaurant-decision': z.strictObject({
      restaurantId: id,
      version: z.int().positive(),
      decision: z.enum(DECISIONS),
    }),
    'send-bad-review': z.strictObject({ reviewId: id }),
    'send-review-answer': z.strictObject({ reviewId: id }),
    'send-link': z.strictObject({ linkId: id, kind: z.enum(LINK_KINDS) }),
    'send-export-ready': z.strictObject({ userId: id, exportId: id }),
    'send-new-device': z.strictObject({ userId: id, sessionId: id }),
    'send-account-notice': z.strictObject({ userId: id, noticeId: id, change: z.enum(ACCOUNT_CHANGES) }),
  },
});
