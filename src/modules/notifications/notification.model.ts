import { Schema, model } from 'mongoose';

export const MAIL_KINDS = [
  'welcome',
  'order-confirmed',
  'receipt',
  'verify-email',
  'change-email',
  'password-reset',
  'new-device',
  'account-changed',
  'email-changed',
  'log-in-code',
  'staff-invitation',
  'restaurant-decided',
  'order-delayed',
  'order-ready',
  'order-ended',
  'order-refunded',
  'order-tip',
  'pay-again',
  'amendment-proposed',
  'review-bad',
  'review-answered',
  'export-ready',
  'ops-alert',
  'restaurant-paused',
  'review-invitation',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** Promised as well, but no mails. */
const OTHER_KINDS = ['push', 'sms', 'ops-note'] as const;
export type NoticeKind = MailKind | (typeof OTHER_KINDS)[number];

const STATUSES = ['sending', 'refused', 'sent', 'dropped'] as const;

/** One promised mail, text or push. The row is the guard: jobs may come twice, the row says what became of the mail. */
export interface NotificationRow {
  /** Kind and subject, so that there is one row per user, order, link or code and kind. */
  _id: string;
  kind: NoticeKind;
  /** The user, order, link or code it is about. */
  subjectId: string;
  /**
   * `sending`: about to be handed to the server; found by a later attempt, nobody knows whether a copy went out.
   * `refused`: the server said no or was not there, so no copy went out. `sent`: the server took it.
   * `dropped`: when it was due there was nothing to send, such as a reset for an address without an account, or
   * a mail about an order to who wants none.
   */
  status: (typeof STATUSES)[number];
  attempts: number;
  /** An attempt is under way until then; a crash gives it back. */
  claimedUntil: Date;
  createdAt: Date;
  sentAt: Date | null;
}

// Every query goes by _id, so there is no other index.
const notificationSchema = new Schema<NotificationRow>(
  {
    _id: { type: String, required: true },
    kind: { type: String, enum: [...MAIL_KINDS, ...OTHER_KINDS], required: true },
    subjectId: { type: String, required: true },
    status: { type: String, enum: STATUSES, required: true },
    attempts: { type: Number, required: true },
    claimedUntil: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    sentAt: { type: Date, default: null },
  },
  { collection: 'notifications', versionKey: false },
);

export const NotificationModel = model('Notification', notificationSchema);
