import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import PostalMime, { type Address } from 'postal-mime';
import { isoTime, realNowMs } from '../clock.ts';
import { openKeptItems } from '../kept-items.ts';

export interface StoredMail {
  id: string;
  receivedAt: string;
  envelope: { from: string; to: string[] };
  messageId: string | null;
  from: string;
  to: string[];
  subject: string;
  headers: Record<string, string>;
  text: string;
  html: string;
  attachments: { filename: string | null; mimeType: string; bytes: number }[];
}

export interface MailFilter {
  to?: string | undefined;
  subject?: string | undefined;
  messageId?: string | undefined;
}

export interface Mailbox {
  receive(raw: Buffer, envelope: StoredMail['envelope']): Promise<StoredMail>;
  /** Newest first. */
  list(filter: MailFilter): StoredMail[];
  find(id: string): StoredMail | null;
  /** How many mails with this Message-ID arrived: more than one is a mail sent twice. */
  countOf(mail: StoredMail): number;
  /** The newest fitting mail, there already or still to come; null when the time is up. */
  wait(filter: MailFilter, timeoutMs: number): Promise<StoredMail | null>;
  clear(): void;
  stop(): void;
}

export function openMailbox(dataDir: string): Mailbox {
  const mails = openKeptItems<StoredMail>(join(dataDir, 'mail'));
  const list = (filter: MailFilter): StoredMail[] => mails.list().filter((mail) => fits(mail, filter));
  return {
    // On disk before the sender hears 250, as a mail server must.
    receive: async (raw, envelope) => {
      const mail = await parseMail(raw, envelope);
      mails.add(mail);
      return mail;
    },
    list,
    find: (id) => mails.list().find((mail) => mail.id === id) ?? null,
    countOf: ({ id, messageId }) =>
      mails.list().filter((mail) => mail.id === id || (messageId !== null && mail.messageId === messageId)).length,
    wait: (filter, timeoutMs) => mails.wait(() => list(filter)[0] ?? null, timeoutMs),
    clear: () => {
      mails.clear();
    },
    stop: () => {
      mails.stop();
    },
  };
}

async function parseMail(raw: Buffer, envelope: StoredMail['envelope']): Promise<StoredMail> {
  const parsed = await PostalMime.parse(raw);
  return {
    id: randomUUID(),
    receivedAt: isoTime(realNowMs()),
    envelope,
    messageId: parsed.messageId ?? null,
    from: addressesOf(parsed.from === undefined ? [] : [parsed.from])[0] ?? envelope.from,
    to: addressesOf(parsed.to ?? []),
    subject: parsed.subject ?? '',
    headers: Object.fromEntries(parsed.headers.map(({ key, value }) => [key, value])),
    text: parsed.text ?? '',
    html: parsed.html ?? '',
    attachments: parsed.attachments.map(({ filename, mimeType, content }) => ({
      filename,
      mimeType,
      bytes: typeof content === 'string' ? content.length : content.byteLength,
    })),
  };
}

function addressesOf(addresses: readonly Address[]): string[] {
  return addresses.flatMap(({ address, group }) => (group === undefined ? [address] : addressesOf(group)));
}

/** `to` is the envelope's recipient (whom the mail reached), compared without case; `subject` a part of it. */
function fits(mail: StoredMail, { to, subject, messageId }: MailFilter): boolean {
  const isTo = to === undefined || mail.envelope.to.some((address) => address.toLowerCase() === to.toLowerCase());
  const isSubject = subject === undefined || mail.subject.toLowerCase().includes(subject.toLowerCase());
  return isTo && isSubject && (messageId === undefined || mail.messageId === messageId);
}
