/** Outbox payload: `{ userId }`. */
export const USER_SIGNED_UP = 'user.signed_up';
