import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime, { type Address } from 'postal-mime';
import { isoTime, realNowMs } from '../clock.ts';

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

const MAX_MAILS = 500;
const DIGITS_IN_NAME = 15;

interface State {
  folder: string;
  /** Oldest first, each with its file. */
  entries: { file: string; mail: StoredMail }[];
  waiters: Set<() => void>;
  isStopped: boolean;
}

export function openMailbox(dataDir: string): Mailbox {
  const folder = join(dataDir, 'mail');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const state: State = { folder, entries: readFolder(folder), waiters: new Set(), isStopped: false };
  const list = (filter: MailFilter): StoredMail[] =>
    state.entries
      .map(({ mail }) => mail)
      .filter((mail) => fits(mail, filter))
      .reverse();
  return {
    receive: (raw, envelope) => receive(state, raw, envelope),
    list,
    find: (id) => state.entries.find(({ mail }) => mail.id === id)?.mail ?? null,
    countOf: ({ id, messageId }) =>
      state.entries.filter(({ mail }) => mail.id === id || (messageId !== null && mail.messageId === messageId)).length,
    wait: (filter, timeoutMs) => wait(state, () => list(filter)[0] ?? null, timeoutMs),
    clear: () => {
      for (const { file } of state.entries.splice(0)) rmSync(file, { force: true });
    },
    stop: () => {
      state.isStopped = true;
      wakeAll(state);
    },
  };
}

function readFolder(folder: string): State['entries'] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      return { file, mail: JSON.parse(readFileSync(file, 'utf8')) as StoredMail };
    });
}

/** On disk before the sender hears 250, as a mail server must. */
async function receive(state: State, raw: Buffer, envelope: StoredMail['envelope']): Promise<StoredMail> {
  const mail = await parseMail(raw, envelope);
  const last = Number(/(\d+)\.json$/.exec(state.entries.at(-1)?.file ?? '')?.[1] ?? 0);
  const file = join(state.folder, `${String(last + 1).padStart(DIGITS_IN_NAME, '0')}.json`);
  writeFileSync(`${file}.new`, JSON.stringify(mail, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  state.entries.push({ file, mail });
  while (state.entries.length > MAX_MAILS) rmSync(state.entries.shift()?.file ?? '', { force: true });
  wakeAll(state);
  return mail;
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

async function wait(state: State, find: () => StoredMail | null, timeoutMs: number): Promise<StoredMail | null> {
  const deadlineMs = realNowMs() + timeoutMs;
  let found = find();
  while (found === null && realNowMs() < deadlineMs && !state.isStopped) {
    await nextArrival(state, deadlineMs - realNowMs());
    found = find();
  }
  return found;
}

function nextArrival(state: State, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      state.waiters.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, timeoutMs);
    state.waiters.add(wake);
  });
}

function wakeAll(state: State): void {
  for (const wake of [...state.waiters]) wake();
}
