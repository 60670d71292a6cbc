import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A payment provider that answers at once and remembers nothing. The local cloud would measure itself: it keeps a book on disk and
 * sends webhooks back, and the real provider's time is not ours to improve.
 */
export async function startInstantProvider(): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((req, res) => {
    void readForm(req).then((form) => {
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify(intentOf(form)));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readForm(req: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of req) text += String(chunk);
  return new URLSearchParams(text);
}

function intentOf(form: URLSearchParams) {
  const id = `pi_${randomUUID().replaceAll('-', '')}`;
  return {
    id,
    object: 'payment_intent',
    status: 'requires_payment_method',
    amount: Number(form.get('amount')),
    amount_capturable: 0,
    amount_received: 0,
    livemode: false,
    currency: form.get('currency'),
    capture_method: 'manual',
    client_secret: `${id}_secret_bench`,
    last_payment_error: null,
    metadata: { paymentId: form.get('metadata[paymentId]'), orderId: form.get('metadata[orderId]') },
  };
}
