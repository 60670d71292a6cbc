/** `reset`: sets a new password. `verify`: proves the account's address. `change_email`: proves the next one, and makes it the account's. */
export const LINK_KINDS = ['reset', 'verify', 'change_email'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];
