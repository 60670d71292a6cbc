/** Outbox payload: `{ exportId }`. */
export const EXPORT_REQUESTED = 'privacy.export_requested';
/** Outbox payload: `{ exportId, userId }`. */
export const EXPORT_READY = 'privacy.export_ready';
/** Outbox payload: `{ userId }`: the account is gone; what a request under way wrote after it goes too. */
export const ACCOUNT_DELETED = 'account.deleted';
