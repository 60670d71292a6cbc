import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Desk } from './desk.ts';
import { oauthFaultsSchema, type TransportFault } from './faults.ts';
import { personSchema } from './people.ts';
import { delay } from '../clock.ts';
import { answerHostile } from '../hostile.ts';
import { closeAfterAnswer, readBody, sendJson, startHttpServer, type RunningServer } from '../http.ts';

export interface OauthExchange {
  desk: Desk;
  req: IncomingMessage;
  res: ServerResponse;
  url: URL;
  body: string;
  /** Own address, without a trailing slash. */
  baseUrl: string;
}

export type OauthListener = (exchange: OauthExchange) => Promise<void> | void;

const signInSchema = z.strictObject({ person: personSchema.nullable() });
const faultsSchema = z.strictObject({ faults: oauthFaultsSchema });

/** Faults and control stand before the provider itself, the same for both. */
export async function startOauthServer(
  ports: readonly number[],
  desk: Desk,
  listener: OauthListener,
): Promise<RunningServer> {
  let baseUrl = '';
  const server = await startHttpServer(ports, async (req, res) => {
    const url = new URL(req.url ?? '/', baseUrl);
    const body = await readBody(req);
    closeAfterAnswer(res);
    if (url.pathname.startsWith('/_control/')) {
      answerControl({ desk, req, res, url, body, baseUrl });
      return;
    }
    const fault = desk.faults.takeTransport(url.pathname);
    if (fault?.kind === 'slow') await delay(fault.ms);
    else if (fault !== null) return answerFault(fault, res);
    await listener({ desk, req, res, url, body, baseUrl });
  });
  baseUrl = server.url;
  return server;
}

/** What no vendor offers. Only JSON: a form on some web page can post to loopback, but not with this content type. */
function answerControl({ desk, req, res, url, body }: OauthExchange): void {
  try {
    if (req.method !== 'GET' && body !== '' && req.headers['content-type'] !== 'application/json') {
      throw new Error('the control API takes application/json');
    }
    const input: unknown = body === '' ? {} : JSON.parse(body);
    const isKnown = control(desk, `${req.method ?? ''} ${url.pathname.replace('/_control/', '')}`, input);
    sendJson(res, isKnown ? 200 : 404, isKnown ? {} : { error: { message: 'No such control.' } });
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    sendJson(res, 400, { error: { message } });
  }
}

function control(desk: Desk, call: string, input: unknown): boolean {
  if (call === 'POST sign-in') desk.signedIn = signInSchema.parse(input).person;
  else if (call === 'POST faults') desk.faults.set(faultsSchema.parse(input).faults);
  else if (call === 'DELETE faults') desk.faults.set([]);
  else return false;
  return true;
}

async function answerFault({ kind, ms }: TransportFault, res: ServerResponse): Promise<void> {
  if (kind === 'down' || kind === 'slow') sendJson(res, 503, { error: 'temporarily_unavailable' });
  else await answerHostile(res, kind, ms);
}
