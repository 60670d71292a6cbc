import { join } from 'node:path';
import { answerApi, type Api } from './api.ts';
import { answerAuthentication } from './authentication-page.ts';
import { openBook } from './book.ts';
import { answerControl } from './control.ts';
import { noFaults } from './faults.ts';
import { createIdempotencyKeys } from './idempotency.ts';
import { createWebhooks } from './webhooks.ts';
import { startHttpServer, type RequestListener, type RunningServer } from '../http.ts';

export interface StripeOptions {
  dataDir: string;
  ports: readonly number[];
  secretKey: string;
  publishableKey: string;
  webhookSecret: string;
  webhookUrl: string | null;
}

export interface StripeServer extends RunningServer {
  setWebhookUrl(url: string): void;
}

/** Stripe, as far as QuickBite uses it, speaking its wire protocol to its own SDK. */
export async function startStripeServer(options: StripeOptions): Promise<StripeServer> {
  const book = openBook(join(options.dataDir, 'stripe.sqlite'));
  const faults = noFaults();
  const webhooks = createWebhooks({ book, faults, secret: options.webhookSecret, url: options.webhookUrl });
  const idempotency = createIdempotencyKeys(book);
  const api: Api = { book, keys: options, faults, idempotency, webhooks, baseUrl: 'http://127.0.0.1' };
  const server = await startHttpServer(options.ports, listenerFor(api)).catch((error: unknown) => {
    book.close();
    throw error;
  });
  api.baseUrl = server.url;
  webhooks.wake();
  return {
    port: server.port,
    url: server.url,
    setWebhookUrl: (url) => {
      webhooks.setUrl(url);
    },
    stop: async () => {
      await webhooks.stop();
      await server.stop();
      book.close();
    },
  };
}

function listenerFor(api: Api): RequestListener {
  return async (req, res) => {
    const path = req.url ?? '/';
    if (path.startsWith('/_control/')) await answerControl(api, req, res);
    else if (path.startsWith('/_authenticate/')) await answerAuthentication(api, req, res);
    else await answerApi(api, req, res);
  };
}
