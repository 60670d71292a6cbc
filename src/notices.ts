/** What is told to people, by mail, text message or push: events of all modules as jobs of `notifications`. Used by `subscriptions`. */
import { toJob } from './infra/queue/index.ts';
import type { AccountChangeName, CodeChannel, LinkKind } from './modules/auth/index.ts';
import type { Decision } from './modules/console/index.ts';
import { alertQueue, codeQueue, emailQueue, type CustomerNews, type OpsAlert } from './modules/notifications/index.ts';

export const userId = (event: Record<string, unknown>) => ({ userId: String(event['userId']) });
export const orderId = (event: Record<string, unknown>) => ({ orderId: String(event['orderId']) });
const eventOf = (event: Record<string, unknown>) => ({ ...orderId(event), seq: Number(event['seq']) });

export const welcome = toJob('notifications.welcome', { queue: emailQueue, job: 'send-welcome', payload: userId });
export const confirm = toJob('notifications.confirm', {
  queue: emailQueue,
  job: 'send-order-confirmation',
  payload: orderId,
});
export const link = toJob('notifications.link', {
  queue: emailQueue,
  job: 'send-link',
  payload: ({ linkId, kind }) => ({ linkId: String(linkId), kind: kind as LinkKind }),
});
export const code = toJob('notifications.code', {
  queue: codeQueue,
  job: 'send-code',
  payload: ({ codeId, round, channel }) => ({
    codeId: String(codeId),
    round: String(round),
    channel: channel as CodeChannel,
  }),
});
export const newDevice = toJob('notifications.new-device', {
  queue: emailQueue,
  job: 'send-new-device',
  payload: (event) => ({ ...userId(event), sessionId: String(event['sessionId']) }),
});
export const accountNotice = toJob('notifications.account-notice', {
  queue: emailQueue,
  job: 'send-account-notice',
  // The job's schema checks the name.
  payload: ({ noticeId, change, ...event }) => ({
    ...userId(event),
    noticeId: String(noticeId),
    change: change as AccountChangeName,
  }),
});
export const receipt = toJob('notifications.receipt', { queue: emailQueue, job: 'send-receipt', payload: orderId });
export const delayMail = toJob('notifications.delay', {
  queue: emailQueue,
  job: 'send-order-delayed',
  payload: eventOf,
});
export const readyMail = toJob('notifications.order-ready', {
  queue: emailQueue,
  job: 'send-order-ready',
  payload: orderId,
});
export const endMail = toJob('notifications.order-ended', {
  queue: emailQueue,
  job: 'send-order-ended',
  payload: orderId,
});
export const refundMail = toJob('notifications.refunded', {
  queue: emailQueue,
  job: 'send-refunded',
  payload: eventOf,
});
export const tipMail = toJob('notifications.tip', { queue: emailQueue, job: 'send-tip', payload: eventOf });
export const payAgainMail = toJob('notifications.pay-again', {
  queue: emailQueue,
  job: 'send-pay-again',
  payload: eventOf,
});
export const amendmentMail = toJob('notifications.amendment', {
  queue: emailQueue,
  job: 'send-amendment-proposed',
  // The job's schema checks it.
  payload: ({ data }) => ({ amendmentId: String((data as Record<string, unknown>)['amendmentId']) }),
});
export const invitation = toJob('notifications.invitation', {
  queue: emailQueue,
  job: 'send-staff-invitation',
  payload: ({ invitationId }) => ({ invitationId: String(invitationId) }),
});
export const decision = toJob('notifications.restaurant-decision', {
  queue: emailQueue,
  job: 'send-restaurant-decision',
  payload: ({ restaurantId, version, decision }) => ({
    restaurantId: String(restaurantId),
    version: Number(version),
    // The job's schema checks it.
    decision: decision as Decision,
  }),
});
const reviewId = (event: Record<string, unknown>) => ({ reviewId: String(event['reviewId']) });
export const badReview = toJob('notifications.bad-review', {
  queue: emailQueue,
  job: 'send-bad-review',
  payload: reviewId,
});
export const reviewAnswer = toJob('notifications.review-answer', {
  queue: emailQueue,
  job: 'send-review-answer',
  payload: reviewId,
});
// The jobs' schemas check the steps.
const stepOf = ({ data }: Record<string, unknown>) => (data as Record<string, unknown>)['step'] as never;
export const ladder = toJob('notifications.ladder', {
  ...{ queue: alertQueue, job: 'remind-to-accept' },
  payload: (event) => ({ ...eventOf(event), step: stepOf(event) }),
});
export const overdue = toJob('notifications.overdue', {
  ...{ queue: alertQueue, job: 'report-overdue' },
  payload: (event) => ({ ...eventOf(event), step: stepOf(event) }),
});
export const alertAbout = (kind: OpsAlert) =>
  toJob('notifications.alert', {
    ...{ queue: alertQueue, job: 'alert-operations' },
    payload: (event) => ({ ...eventOf(event), kind }),
  });
export const pushNews = (news: CustomerNews) =>
  toJob('notifications.push', {
    ...{ queue: alertQueue, job: 'push-to-customer' },
    payload: (event) => ({ ...eventOf(event), news }),
  });
export const courierPush = toJob('notifications.courier-push', {
  ...{ queue: alertQueue, job: 'push-tip-to-courier' },
  payload: eventOf,
});
export const paused = toJob('notifications.paused', {
  ...{ queue: alertQueue, job: 'report-paused' },
  payload: ({ restaurantId, version }) => ({ restaurantId: String(restaurantId), version: Number(version) }),
});
export const invite = toJob('notifications.invite', {
  queue: emailQueue,
  job: 'send-review-invitation',
  payload: orderId,
});
export const exportId = (event: Record<string, unknown>) => ({ exportId: String(event['exportId']) });
export const exportReady = toJob('notifications.export-ready', {
  queue: emailQueue,
  job: 'send-export-ready',
  payload: (event) => ({ ...userId(event), ...exportId(event) }),
});
