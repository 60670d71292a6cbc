import type { AccountChangeName } from '../auth/index.ts';

interface NoticeText {
  subject: string;
  sentence: string;
}

/** Nothing in here was typed by anybody. */
const NOTICES: Readonly<Record<AccountChangeName, NoticeText>> = {
  password_changed: {
    subject: 'Your password was changed',
    sentence: 'The password of your account was changed, and all other devices were logged out.',
  },
  password_reset: {
    subject: 'Your password was changed',
    sentence: 'A new password was set by a link that we mailed to this address, and all devices were logged out.',
  },
  email_changed: {
    subject: 'The e-mail of your account was changed',
    sentence: 'Your account now has another e-mail address. This one no longer opens it.',
  },
  mfa_enabled: {
    subject: 'Two-step log-in is on',
    sentence: 'Logging in to your account now also needs a code from an authenticator app.',
  },
  mfa_disabled: {
    subject: 'Two-step log-in is off',
    sentence: 'Logging in to your account no longer needs a code from an authenticator app.',
  },
  mfa_recovery_code_used: {
    subject: 'A recovery code was used',
    sentence: 'Somebody logged in to your account with one of its recovery codes.',
  },
  mfa_recovery_codes_renewed: {
    subject: 'New recovery codes',
    sentence: 'New recovery codes were made for your account. The old ones are worth nothing now.',
  },
  identity_linked: {
    subject: 'A log-in was added to your account',
    sentence: 'Your account can now also be opened by a log-in with Google or GitHub.',
  },
  identity_unlinked: {
    subject: 'A log-in was removed from your account',
    sentence: 'A log-in with Google or GitHub no longer opens your account.',
  },
  phone_verified: {
    subject: 'A phone number was added to your account',
    sentence: 'A phone number was confirmed. Codes sent to it now open your account.',
  },
  phone_replaced: {
    subject: 'The phone number of your account was changed',
    sentence:
      'Another phone number was confirmed. Codes sent to it now open your account; the one before no longer does.',
  },
  phone_removed: {
    subject: 'The phone number was removed from your account',
    sentence: 'The phone number was removed from your account. No code sent to it opens it any more.',
  },
};

export function noticeOf(change: AccountChangeName): NoticeText {
  return NOTICES[change];
}
