import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Stripe } from 'stripe';
import { startLocalCloud, type LocalCloud, type LocalCloudOptions } from '../../scripts/local-cloud/index.ts';
import { payWithCard, type PaymentResult } from '../../scripts/local-cloud/control-client.ts';

export interface RunningCloud {
  cloud: LocalCloud;
  stripe: Stripe;
  dataDir: string;
  secretOf(name: string): string;
  pay(intent: Stripe.PaymentIntent, paymentMethod?: string): Promise<PaymentResult>;
  /** Stops and starts on the same folder; what this object hands out afterwards is the new process's. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function makeDataDir(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'quickbite-cloud-'));
}

export async function startCloud(options: Partial<LocalCloudOptions> = {}): Promise<RunningCloud> {
  const dataDir = options.dataDir ?? (await makeDataDir());
  const start = (): Promise<LocalCloud> => startLocalCloud({ ...options, dataDir });
  const cloud = await start();
  const running: RunningCloud = {
    cloud,
    stripe: stripeFor(cloud),
    dataDir,
    secretOf: (name) => running.cloud.env[name] ?? '',
    pay: (intent, paymentMethod = 'pm_card_visa') =>
      payWithCard({
        stripeUrl: running.cloud.stripeUrl,
        publishableKey: running.secretOf('STRIPE_PUBLISHABLE_KEY'),
        clientSecret: intent.client_secret ?? '',
        paymentMethod,
      }),
    restart: async () => {
      await running.cloud.stop();
      running.cloud = await start();
      running.stripe = stripeFor(running.cloud);
    },
    stop: async () => {
      await running.cloud.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return running;
}

/** The real SDK; retries off, so that a test sees each answer itself. */
export function stripeFor(cloud: LocalCloud, key = cloud.env['STRIPE_SECRET_KEY'] ?? ''): Stripe {
  const { hostname, port } = new URL(cloud.stripeUrl);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, timeout: 5000 });
}

export function createManual(stripe: Stripe, amount = 45_000): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({ amount, currency: 'inr', capture_method: 'manual' });
}

export async function createHeld(running: RunningCloud, amount = 45_000): Promise<Stripe.PaymentIntent> {
  const intent = await createManual(running.stripe, amount);
  await running.pay(intent);
  return intent;
}

export interface Receiver {
  url: string;
  /** Each delivery whose signature was good, in the order of arrival. */
  events: Stripe.Event[];
  signatures: string[];
  bodies: string[];
  /** The status to answer with, consumed one per delivery; 200 once empty. */
  statuses: number[];
  types(): string[];
  stop(): Promise<void>;
}

/** A webhook endpoint that believes nothing unsigned. */
export async function startReceiver(secret: () => string): Promise<Receiver> {
  const receiver: Omit<Receiver, 'url' | 'stop'> = {
    events: [],
    signatures: [],
    bodies: [],
    statuses: [],
    types: () => receiver.events.map(({ type }) => type),
  };
  const verifier = new Stripe('sk_test_unused');
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const signature = String(req.headers['stripe-signature']);
      try {
        receiver.events.push(verifier.webhooks.constructEvent(body, signature, secret()));
        receiver.signatures.push(signature);
        receiver.bodies.push(body);
        res.writeHead(receiver.statuses.shift() ?? 200).end();
      } catch {
        res.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...receiver,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/payments/stripe`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The Stripe error a call ends with; fails the test when it succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('the call was not refused');
}

/** A reference as the SDK types it: an id, unless it was expanded. */
export function idOf(reference: string | { id: string } | null): string {
  return typeof reference === 'string' ? reference : (reference?.id ?? '');
}
