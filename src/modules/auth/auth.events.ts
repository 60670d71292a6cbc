/** Outbox payload: `{ userId }`. */
export const USER_SIGNED_UP = 'user.signed_up';
/** Outbox payload: `{ userId, sessionId }`: a log-in on a device that was not known. Not for the first one, of the sign-up. */
export const NEW_DEVICE = 'auth.new_device';
/** Outbox payload: `{ linkId }`: a link of the account is to be mailed; see passwords/links. */
export const LINK_REQUESTED = 'auth.link_requested';
/** Outbox payload: `{ codeId, round }`: a code is to be sent. */
export const CODE_REQUESTED = 'auth.code_requested';
/** Outbox payload: `{ userId, noticeId, change }`: something about the account's security changed; its owner is told. */
export const ACCOUNT_CHANGED = 'auth.account_changed';
