import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { delay, isoTime, realNowMs } from '../clock.ts';
import { answerControlRequest, listenOnFirstFree, LOOPBACK, readBody, sendJson, startHttpServer } from '../http.ts';
import type { RunningServer } from '../http.ts';
import { openKeptItems, type KeptItems } from '../kept-items.ts';
import { decryptMessage, isVapid, newBrowser, type Browser } from './browser.ts';
import { loadCertificate } from './certificate.ts';

/** A service that QuickBite knows by default; its messages come here instead. */
const SERVICE = 'updates.push.services.mozilla.com';
const PATH = '/wpush/v2/';

const faultsSchema = z.strictObject({
  faults: z.array(
    z.strictObject({
      /** `gone`: 410. `not_found`: 404. `fail`: 500. `hang`: the answer takes `ms` longer. */
      kind: z.enum(['gone', 'not_found', 'fail', 'hang']),
      times: z.number().int().min(1).default(1),
      ms: z.number().int().min(0).max(600_000).default(0),
      /** Only for this browser. */
      browserId: z.string().optional(),
    }),
  ),
});
type Fault = z.infer<typeof faultsSchema>['faults'][number];
export type PushFaultsInput = z.input<typeof faultsSchema>;

export interface StoredPush {
  browserId: string;
  receivedAt: string;
  ttl: string | null;
  urgency: string | null;
  /** As the service worker of the page would get it. */
  message: Record<string, unknown>;
}

/** What `pushManager.subscribe()` gives the page. */
export interface PushSubscription {
  browserId: string;
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

export interface PushServer extends RunningServer {
  /** `host:port` of the TLS side. */
  gateway: string;
  gatewayPort: number;
  certFile: string;
}

interface PushOptions {
  dataDir: string;
  ports: readonly number[];
  gatewayPorts: readonly number[];
  publicKey: string;
}

interface State {
  publicKey: string;
  browsers: KeptItems<Browser>;
  messages: KeptItems<StoredPush>;
  faults: Fault[];
}

/** A push service and the browsers behind it. It sends nothing anywhere: who has subscribed here reads at the control side. */
export async function startPushServer({ dataDir, ports, gatewayPorts, publicKey }: PushOptions): Promise<PushServer> {
  const folder = join(dataDir, 'push');
  const { cert, key, certFile } = loadCertificate(folder);
  const state: State = {
    publicKey,
    browsers: openKeptItems(join(folder, 'browsers')),
    messages: openKeptItems(join(folder, 'messages')),
    faults: [],
  };
  const gateway = createServer({ cert, key }, (req, res) => {
    receive(state, req, res).catch(() => res.destroy());
  });
  const gatewayPort = await listenOnFirstFree(gatewayPorts, (port) => listen(gateway, port));
  const control = await startHttpServer(ports, (req, res) => answerControlRequest(res, () => route(state, req, res)));
  return {
    ...control,
    ...{ gateway: `${LOOPBACK}:${String(gatewayPort)}`, gatewayPort, certFile },
    stop: async () => {
      state.messages.stop();
      gateway.closeAllConnections();
      gateway.close();
      await control.stop();
    },
  };
}

/** RFC 8030: one message for one subscription. */
async function receive(state: State, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await readBytes(req);
  const browser = state.browsers.list().find(({ id }) => req.url === `${PATH}${id}`);
  const fault = browser === undefined ? null : takeFault(state.faults, browser.id);
  if (fault?.kind === 'hang') await delay(fault.ms);
  const status = refusalOf(state, { req, browser, fault });
  if (browser !== undefined && status === null) keep(state, browser, { req, body });
  res.writeHead(status ?? 201).end();
}

const STATUSES = { gone: 410, not_found: 404, fail: 500, hang: null } as const;

interface Arrival {
  req: IncomingMessage;
  browser: Browser | undefined;
  fault: Fault | null;
}

function refusalOf({ publicKey }: State, { req, browser, fault }: Arrival): number | null {
  const { authorization, host } = req.headers;
  if (!isVapid(authorization, { publicKey, audience: `https://${host ?? ''}` })) return 403;
  if (browser === undefined) return 404;
  return fault === null ? null : STATUSES[fault.kind];
}

function keep({ messages }: State, browser: Browser, { req, body }: { req: IncomingMessage; body: Buffer }): void {
  const message = JSON.parse(decryptMessage(browser, body)) as Record<string, unknown>;
  const { ttl, urgency } = req.headers;
  const about = { ttl: ttl?.toString() ?? null, urgency: urgency?.toString() ?? null };
  messages.add({ browserId: browser.id, receivedAt: isoTime(realNowMs()), ...about, message });
}

async function route({ browsers, messages, faults }: State, req: IncomingMessage, res: ServerResponse): Promise<void> {
  switch (`${req.method ?? ''} ${req.url ?? ''}`) {
    case 'POST /_control/subscriptions': {
      const browser = newBrowser();
      browsers.add(browser);
      const { id: browserId, p256dh, auth } = browser;
      sendJson(res, 200, { browserId, endpoint: `https://${SERVICE}${PATH}${browserId}`, keys: { p256dh, auth } });
      return;
    }
    case 'GET /_control/messages':
      sendJson(res, 200, { data: messages.list() });
      return;
    case 'DELETE /_control/messages':
      messages.clear();
      sendJson(res, 200, {});
      return;
    case 'POST /_control/faults':
      faults.splice(0, Infinity, ...faultsSchema.parse(JSON.parse(await readBody(req))).faults);
      sendJson(res, 200, { faults });
      return;
    default:
      sendJson(res, 404, { error: { message: 'no such control' } });
  }
}

function takeFault(faults: Fault[], browserId: string): Fault | null {
  const found = faults.find((fault) => (fault.browserId ?? browserId) === browserId);
  if (found === undefined) return null;
  found.times -= 1;
  if (found.times === 0) faults.splice(faults.indexOf(found), 1);
  return found;
}

async function readBytes(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
