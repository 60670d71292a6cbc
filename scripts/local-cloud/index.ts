import { startInbox, type InboxServer } from './mail/inbox.ts';
import { loadSettings, saveSettings, type Settings } from './settings.ts';
import { startStripeServer, type StripeServer } from './stripe/server.ts';

export interface LocalCloudOptions {
  /** Keys, ports, the provider's book and the mail live here; the same folder continues where it stopped. */
  dataDir: string;
  /** 0 or absent: the port of the last start, else a free one. */
  stripePort?: number;
  smtpPort?: number;
  inboxPort?: number;
  /** Tried on the first start of a folder, before any free one. */
  preferredPorts?: Partial<Settings['ports']>;
  /** Where Stripe's events go; they wait until it is known. */
  webhookUrl?: string;
  onLine?: (line: string) => void;
}

export interface LocalCloud {
  /** What the API and the worker need to see these servers instead of the real vendors. */
  env: Record<string, string>;
  stripeUrl: string;
  inboxUrl: string;
  smtpUrl: string;
  setWebhookUrl(url: string): void;
  stop(): Promise<void>;
}

/** Starts the vendors on this machine, all on 127.0.0.1. They speak the vendors' protocols to the vendors' own SDKs. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const settings = loadSettings(options.dataDir);
  const known = { ...options.preferredPorts, ...settings.ports };
  const stripe = await startStripeServer({
    ...settings,
    dataDir: options.dataDir,
    ports: portsToTry(options.stripePort, known.stripe),
    webhookUrl: options.webhookUrl ?? null,
  });
  const inbox = await startInbox({
    dataDir: options.dataDir,
    smtpPorts: portsToTry(options.smtpPort, known.smtp),
    inboxPorts: portsToTry(options.inboxPort, known.inbox),
  }).catch(async (error: unknown) => {
    await stripe.stop();
    throw error;
  });
  const ports = { stripe: stripe.port, smtp: inbox.smtpPort, inbox: inbox.inboxPort };
  saveSettings(options.dataDir, { ...settings, ports });
  const cloud = describeCloud(settings, stripe, inbox);
  options.onLine?.(`payment provider (Stripe's protocol) on ${cloud.stripeUrl}`);
  options.onLine?.(`mail on ${cloud.smtpUrl}, inbox on ${cloud.inboxUrl}`);
  return cloud;
}

/** A port asked for by name is used or refused; a remembered one gives way when somebody else has it. */
function portsToTry(wanted: number | undefined, remembered: number | undefined): number[] {
  if (wanted !== undefined && wanted !== 0) return [wanted];
  return remembered === undefined ? [0] : [remembered, 0];
}

function describeCloud(settings: Settings, stripe: StripeServer, inbox: InboxServer): LocalCloud {
  const smtpUrl = `smtp://127.0.0.1:${inbox.smtpPort}`;
  return {
    env: {
      STRIPE_SECRET_KEY: settings.secretKey,
      STRIPE_PUBLISHABLE_KEY: settings.publishableKey,
      STRIPE_WEBHOOK_SECRET: settings.webhookSecret,
      STRIPE_API_BASE_URL: stripe.url,
      SMTP_URL: smtpUrl,
    },
    stripeUrl: stripe.url,
    inboxUrl: inbox.url,
    smtpUrl,
    setWebhookUrl: (url) => {
      stripe.setWebhookUrl(url);
    },
    stop: async () => {
      await Promise.all([stripe.stop(), inbox.stop()]);
    },
  };
}
