import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { concerns, type MailFaults } from './mail-faults.ts';
import type { Mailbox } from './mailbox.ts';
import { delay } from '../clock.ts';
import { listenOnFirstFree, LOOPBACK } from '../http.ts';

export interface SmtpReceiver {
  port: number;
  stop(): Promise<void>;
}

const MAX_MAIL_BYTES = 10 * 1024 * 1024;

interface Receiver {
  mailbox: Mailbox;
  faults: MailFaults;
  /** By the client's port: smtp-server hands a session out, but not its socket. */
  sockets: Map<number, Socket>;
}

export async function startSmtp(
  ports: readonly number[],
  { mailbox, faults }: { mailbox: Mailbox; faults: MailFaults },
): Promise<SmtpReceiver> {
  const receiver: Receiver = { mailbox, faults, sockets: new Map() };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    logger: false,
    closeTimeout: 500,
    onRcptTo: (address, _session, callback) => {
      callback(refusalFor(faults, address.address));
    },
    onData: (stream, session, callback) => {
      accept(receiver, stream, session).then(
        () => {
          callback();
        },
        (error: unknown) => {
          callback(error instanceof Error ? error : new Error(String(error)));
        },
      );
    },
  });
  // A client that vanishes in mid-sentence is no fault of the inbox.
  server.on('error', () => undefined);
  trackSockets(server, receiver.sockets);
  const port = await listenOnFirstFree(ports, (candidate) => listen(server, candidate));
  return { port, stop: () => stop(server, receiver.sockets) };
}

function refusalFor(faults: MailFaults, recipient: string): Error | null {
  if (faults.refuse === 0 || !concerns(faults, [recipient])) return null;
  faults.refuse -= 1;
  const text = faults.refuseCode === 450 ? 'mailbox busy, try again later' : 'no such mailbox';
  return Object.assign(new Error(text), { responseCode: faults.refuseCode });
}

async function accept(
  { mailbox, faults, sockets }: Receiver,
  stream: Readable,
  session: SMTPServerSession,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const { mailFrom, rcptTo } = session.envelope;
  const envelope = { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) };
  const isConcerned = concerns(faults, envelope.to);
  if (isConcerned && faults.delayMs > 0) await delay(faults.delayMs);
  await mailbox.receive(Buffer.concat(chunks), envelope);
  if (isConcerned && faults.loseAnswers > 0) {
    faults.loseAnswers -= 1;
    sockets.get(session.remotePort)?.destroy();
  }
}

function trackSockets(server: SMTPServer, sockets: Map<number, Socket>): void {
  server.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
}

function listen(server: SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.server.off('error', reject);
      resolve((server.server.address() as AddressInfo).port);
    });
  });
}

function stop(server: SMTPServer, sockets: Map<number, Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    for (const socket of sockets.values()) socket.destroy();
  });
}
