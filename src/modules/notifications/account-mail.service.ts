import {
  findPreviousEmail,
  findSessionNotice,
  issueLink,
  macOf,
  type AccountChangeName,
  type LinkKind,
} from '../auth/index.ts';
import { takePlace, type Quota } from '../../infra/redis/index.ts';
import { timeTextsOf } from '../../shared/time-texts.ts';
import { appLink } from './app-links.ts';
import { noticeOf } from './account-notices.ts';
import { findRecipient, greetingOf, NAMELESS, sendOnce, type Letter } from './send-once.service.ts';

const LINK_MAILS = {
  reset: { kind: 'password-reset', subject: 'Set a new password', page: '/reset-password' },
  verify: { kind: 'verify-email', subject: 'Confirm your e-mail address', page: '/verify-email' },
  change_email: { kind: 'change-email', subject: 'Confirm your new e-mail address', page: '/verify-email' },
} as const;

/** Of a kind to one address, whoever asks: a flood reaches nobody, and whoever asks does not learn that it ended. */
const LINKS: Quota = { name: 'link-mail', limit: 5, windowSeconds: 3600 };
/** To one account: the sixth tells its owner nothing that the first five did not. */
const NEW_DEVICES: Quota = { name: 'new-device-mail', limit: 5, windowSeconds: 3600 };

/** Each attempt mails a token of its own, the last of which is good. Nothing is sent where no account is. */
export async function sendLink({ linkId, kind }: { linkId: string; kind: LinkKind }): Promise<void> {
  const { subject, page, kind: mailKind } = LINK_MAILS[kind];
  await sendOnce({
    kind: mailKind,
    subjectId: linkId,
    prepare: async () => {
      const issued = await issueLink(linkId);
      if (issued === null) return null;
      const { to, token, lifeSeconds, user } = issued;
      const key = macOf('link', `quota.${kind}.${to}`);
      if (!(await takePlace(LINKS, { key, subjectId: linkId }))) return null;
      const data = { greeting: greetingOf(user, to), link: appLink(page, token), life: lifeText(lifeSeconds) };
      return { to, subject, data };
    },
  });
}

/**
 * Who logs in on a device that the account does not know is told to its owner (ASVS 6.3.5). To an address that nobody has proven
 * goes no notice: it may be a stranger's, and whoever signed up with it could fill their mailbox.
 */
export async function sendNewDevice({ userId, sessionId }: { userId: string; sessionId: string }): Promise<void> {
  await sendOnce({
    kind: 'new-device',
    subjectId: sessionId,
    prepare: async () => {
      const [recipient, notice] = await Promise.all([findRecipient(userId), findSessionNotice(sessionId)]);
      if (recipient?.isProven !== true || notice === null) return null;
      if (!(await takePlace(NEW_DEVICES, { key: userId, subjectId: sessionId }))) return null;
      const { to, greeting } = recipient;
      const { device, address, at } = notice;
      const links = { sessionsLink: appLink('/account/sessions'), resetLink: appLink('/forgot-password') };
      return {
        to,
        subject: 'New log-in to your account',
        data: { greeting, device, address, at: timeText(at), ...links },
      };
    },
  });
}

interface Notice {
  userId: string;
  noticeId: string;
  change: AccountChangeName;
}

/** A change of the e-mail is told to the address from before; everything else to the present one, once it is proven. */
export async function sendAccountNotice(notice: Notice): Promise<void> {
  const isEmail = notice.change === 'email_changed';
  await sendOnce({
    kind: isEmail ? 'email-changed' : 'account-changed',
    subjectId: notice.noticeId,
    prepare: () => (isEmail ? toPreviousAddress(notice) : toOwner(notice)),
  });
}

async function toOwner({ userId, change }: Notice): Promise<Letter | null> {
  const recipient = await findRecipient(userId);
  if (recipient?.isProven !== true) return null;
  const { subject, sentence } = noticeOf(change);
  const data = { greeting: recipient.greeting, sentence, resetLink: appLink('/forgot-password') };
  return { to: recipient.to, subject, data };
}

/** Without a name: the address is not the account's any more. That it was proven is a condition of the promise. */
async function toPreviousAddress({ userId, noticeId, change }: Notice): Promise<Letter | null> {
  const [recipient, to] = await Promise.all([findRecipient(userId), findPreviousEmail(noticeId)]);
  if (recipient === null || to === null) return null;
  const { subject, sentence } = noticeOf(change);
  return { to, subject, data: { greeting: NAMELESS, sentence } };
}

/** `1 hour`, `24 hours`, `30 minutes`. */
export function lifeText(seconds: number): string {
  const isInHours = seconds % 3600 === 0;
  const count = isInHours ? seconds / 3600 : Math.ceil(seconds / 60);
  const unit = isInHours ? 'hour' : 'minute';
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** We do not know where the reader's clock stands. */
function timeText(at: Date): string {
  return `${timeTextsOf('UTC').dateTime(at)} UTC`;
}
