import { readFileSync } from 'node:fs';
import { Agent, type AgentOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import webpush from 'web-push';
import { config } from '../../config/index.ts';
import { counter, logger } from '../observability/index.ts';

/** Words and ids that say nothing of a person: the push service carries it, and the screen shows it when it is locked. */
export interface PushMessage {
  type: string;
  title: string;
  body: string;
  /** Page of the front end that the message opens. */
  link: string;
}

interface PushAddress {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

/** `gone`: nobody is there any more, and the address should be forgotten. */
type PushResult = 'sent' | 'gone' | 'off';

const TIMEOUT_MS = 5_000;
/** News of an order is worth nothing later; until then the push service waits for a device that is off. */
const TTL_SECONDS = 600;

const results = counter('quickbite_push_total', 'Push messages handed to push services', ['result']);
let agent: Agent | null = null;
let isAbsenceLogged = false;

export function isPushOn(): boolean {
  return config.push.publicKey !== '' && config.push.privateKey !== '';
}

/**
 * Hands one message to the push service of a browser and waits for its answer. That the endpoint belongs to a known service is for
 * the caller to know.
 * @throws the error of web-push without its endpoint, which is a secret; a later attempt may do better
 */
export async function sendPush({ endpoint, keys }: PushAddress, message: PushMessage): Promise<PushResult> {
  if (!isPushOn()) return noteAbsence();
  const { subject, publicKey, privateKey } = config.push;
  try {
    await webpush.sendNotification({ endpoint, keys }, JSON.stringify(message), {
      vapidDetails: { subject, publicKey, privateKey },
      TTL: TTL_SECONDS,
      urgency: 'high',
      timeout: TIMEOUT_MS,
      ...(config.push.gateway === '' ? {} : { agent: gatewayAgent() }),
    });
    results.inc({ result: 'sent' });
    return 'sent';
  } catch (error) {
    const { statusCode, code } = error as { statusCode?: number; code?: string };
    if (statusCode === 404 || statusCode === 410) {
      results.inc({ result: 'gone' });
      return 'gone';
    }
    results.inc({ result: 'failed' });
    throw failureOf(statusCode ?? code ?? 'no answer');
  }
}

/** Without `cause`: it carries the endpoint, and who has that and the keys can write to the device. */
function failureOf(why: number | string): Error {
  return new Error(`the push service did not take the message (${String(why)})`);
}

/** Said once: every reminder would say it again. */
function noteAbsence(): 'off' {
  results.inc({ result: 'off' });
  if (!isAbsenceLogged) logger.warn('no push messages: WEB_PUSH_PUBLIC_KEY and WEB_PUSH_PRIVATE_KEY are not set');
  isAbsenceLogged = true;
  return 'off';
}

/** Whatever host the endpoint names: the socket goes to the gateway, which shows the certificate that we were given. */
class GatewayAgent extends Agent {
  override createConnection(options: AgentOptions, done?: (error: Error | null, stream: Duplex) => void) {
    const [host = '', port] = config.push.gateway.split(':');
    return super.createConnection(
      { ...options, host, port: Number(port), servername: isIP(host) === 0 ? host : '' },
      done,
    );
  }
}

function gatewayAgent(): Agent {
  agent ??= new GatewayAgent({ ca: readFileSync(config.push.gatewayCaFile) });
  return agent;
}
