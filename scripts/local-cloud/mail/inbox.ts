import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { mailFaultsSchema, noMailFaults, type MailFaults } from './mail-faults.ts';
import { openMailbox, type Mailbox, type StoredMail } from './mailbox.ts';
import { INBOX_POLICY, inboxPage, mailPage, noMailPage } from './pages.ts';
import { startSmtp } from './smtp.ts';
import { answerControlRequest, readBody, sendHtml, sendJson, startHttpServer } from '../http.ts';
import type { StoredSms } from '../twilio/message.ts';

export interface InboxOptions {
  dataDir: string;
  smtpPorts: readonly number[];
  inboxPorts: readonly number[];
  /** The page shows them beside the mail, newest first. */
  listSms: () => StoredSms[];
}

export interface InboxServer {
  smtpPort: number;
  inboxPort: number;
  url: string;
  stop(): Promise<void>;
}

const filterSchema = z.strictObject({
  to: z.string().optional(),
  subject: z.string().optional(),
  messageId: z.string().optional(),
});
const waitSchema = filterSchema.extend({ timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000) });

interface Exchange {
  mailbox: Mailbox;
  listSms: () => StoredSms[];
  faults: MailFaults;
  req: IncomingMessage;
  res: ServerResponse;
  url: URL;
}

/** Every mail anybody sends here, in one box with a page and a small API. It forwards nothing. */
export async function startInbox(options: InboxOptions): Promise<InboxServer> {
  const mailbox = openMailbox(options.dataDir);
  const faults = noMailFaults();
  const smtp = await startSmtp(options.smtpPorts, { mailbox, faults });
  const http = await startHttpServer(options.inboxPorts, async (req, res) => {
    await answer({ mailbox, listSms: options.listSms, faults, req, res, url: new URL(req.url ?? '/', 'http://inbox') });
  }).catch(async (error: unknown) => {
    await smtp.stop();
    throw error;
  });
  return {
    smtpPort: smtp.port,
    inboxPort: http.port,
    url: http.url,
    stop: async () => {
      mailbox.stop();
      await Promise.all([smtp.stop(), http.stop()]);
    },
  };
}

async function answer(exchange: Exchange): Promise<void> {
  await answerControlRequest(exchange.res, () => route(exchange));
}

async function route(exchange: Exchange): Promise<void> {
  const { mailbox, res, req, url } = exchange;
  const id = /^\/(?:api\/)?messages\/([^/]+)$/.exec(url.pathname)?.[1];
  const isApi = url.pathname.startsWith('/api/');
  switch (`${req.method ?? ''} ${url.pathname}`) {
    case 'GET /':
      showInbox(exchange);
      return;
    case 'GET /api/messages':
      listMessages(exchange);
      return;
    case 'DELETE /api/messages':
      mailbox.clear();
      sendJson(res, 200, {});
      return;
    case 'GET /api/messages/wait':
      await waitForMessage(exchange);
      return;
    case 'POST /api/faults':
      await setFaults(exchange);
      return;
    case 'DELETE /api/faults':
      sendJson(res, 200, Object.assign(exchange.faults, noMailFaults(), { to: undefined }));
      return;
    default:
      showMessage(exchange, { id: req.method === 'GET' ? id : undefined, isApi });
  }
}

function showInbox({ mailbox, listSms, res }: Exchange): void {
  const mails = mailbox.list({}).map((mail) => listed(mailbox, mail));
  sendHtml(res, inboxPage(mails, listSms()), { policy: INBOX_POLICY });
}

function listed(mailbox: Mailbox, mail: StoredMail): { mail: StoredMail; copies: number } {
  return { mail, copies: mailbox.countOf(mail) };
}

function toView(mailbox: Mailbox, mail: StoredMail): StoredMail & { copies: number } {
  return { ...mail, copies: mailbox.countOf(mail) };
}

function listMessages({ mailbox, res, url }: Exchange): void {
  const filter = filterSchema.parse(Object.fromEntries(url.searchParams));
  sendJson(res, 200, { data: mailbox.list(filter).map((mail) => toView(mailbox, mail)) });
}

async function waitForMessage({ mailbox, res, url }: Exchange): Promise<void> {
  const { timeoutMs, ...filter } = waitSchema.parse(Object.fromEntries(url.searchParams));
  const mail = await mailbox.wait(filter, timeoutMs);
  if (mail === null) sendJson(res, 408, { error: { message: `no such mail within ${timeoutMs} ms` } });
  else sendJson(res, 200, toView(mailbox, mail));
}

async function setFaults({ faults, req, res }: Exchange): Promise<void> {
  const body = await readBody(req);
  if (req.headers['content-type'] !== 'application/json') {
    sendJson(res, 415, { error: { message: 'send application/json' } });
    return;
  }
  sendJson(res, 200, Object.assign(faults, { to: undefined }, mailFaultsSchema.parse(JSON.parse(body))));
}

function showMessage({ mailbox, res }: Exchange, { id, isApi }: { id: string | undefined; isApi: boolean }): void {
  const mail = id === undefined ? null : mailbox.find(id);
  if (isApi) {
    if (mail === null) sendJson(res, 404, { error: { message: 'no such mail' } });
    else sendJson(res, 200, toView(mailbox, mail));
  } else if (mail === null) sendHtml(res, noMailPage(), { status: 404, policy: INBOX_POLICY });
  else sendHtml(res, mailPage(listed(mailbox, mail)), { policy: INBOX_POLICY });
}
