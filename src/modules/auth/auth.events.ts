/** Outbox payload: `{ userId }`. */
export const USER_SIGNED_UP = 'user.signed_up';
/** Outbox payload: `{ userId, sessionId }`: a log-in on a device that was not known. Not for the first one, of the sign-up. */
export const NEW_DEVICE = 'auth.new_device';
/** Outbox payload: `{ linkId, kind }`: a link of the account is to be mailed; see links/. */
export const LINK_REQUESTED = 'auth.link_requested';
/** Outbox payload: `{ codeId, round, channel }`: a code is to be sent; see codes/. */
export const CODE_REQUESTED = 'auth.code_requested';
/** Outbox payload: AccountChange: something about the account's security changed; its owner is told. */
export const ACCOUNT_CHANGED = 'auth.account_changed';

/** What a notice may tell; each has its sentence in notifications/account-notices.ts. */
export const ACCOUNT_CHANGES = [
  'password_changed',
  'password_reset',
  'email_changed',
  'mfa_enabled',
  'mfa_disabled',
  'mfa_recovery_code_used',
  'mfa_recovery_codes_renewed',
  'identity_linked',
  'identity_unlinked',
  'phone_verified',
  'phone_replaced',
  'phone_removed',
] as const;

export type AccountChangeName = (typeof ACCOUNT_CHANGES)[number];

interface AccountChange {
  userId: string;
  /** One mail per notice; with `email_changed` the id of the link. */
  noticeId: string;
  change: AccountChangeName;
}

/** The message for the outbox. */
export function accountChanged(payload: AccountChange) {
  return { event: ACCOUNT_CHANGED, payload: { ...payload } };
}
