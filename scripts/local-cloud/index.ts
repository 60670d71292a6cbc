import { startCloudinaryServer } from './cloudinary/server.ts';
import type { RunningServer } from './http.ts';
import { startInbox, type InboxServer } from './mail/inbox.ts';
import { startGithubServer } from './oauth/github.ts';
import { startGoogleServer } from './oauth/google.ts';
import { loadSettings, saveSettings, type Settings } from './settings.ts';
import { startPushServer, type PushServer } from './push/server.ts';
import { startStripeServer, type StripeServer } from './stripe/server.ts';
import { startTwilioServer, type TwilioServer } from './twilio/server.ts';

/** There is one cloud. */
const CLOUD_NAME = 'quickbite-local';
/** The one number that the local account may send from. */
const SMS_FROM = '+15005550006';

export interface LocalCloudOptions {
  /** Keys, ports, the provider's book, mail and text messages live here; the same folder continues where it stopped. */
  dataDir: string;
  /** 0 or absent: the port of the last start, else a free one. */
  stripePort?: number;
  smtpPort?: number;
  inboxPort?: number;
  twilioPort?: number;
  cloudinaryPort?: number;
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
  twilioUrl: string;
  googleUrl: string;
  githubUrl: string;
  cloudinaryUrl: string;
  /** Where subscriptions are made and messages are read. */
  pushUrl: string;
  setWebhookUrl(url: string): void;
  stop(): Promise<void>;
}

/** Starts the vendors on this machine, all on 127.0.0.1. They speak the vendors' protocols to the vendors' own SDKs. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const settings = loadSettings(options.dataDir);
  const servers = await startServers(options, settings);
  const { stripe, inbox, twilio, google, github, cloudinary, push } = servers;
  const ports = {
    ...{ stripe: stripe.port, smtp: inbox.smtpPort, inbox: inbox.inboxPort, twilio: twilio.port },
    ...{ google: google.port, github: github.port, cloudinary: cloudinary.port },
    ...{ push: push.port, pushGateway: push.gatewayPort },
  };
  saveSettings(options.dataDir, { ...settings, ports });
  const cloud = describeCloud(settings, servers);
  options.onLine?.(`payment provider (Stripe's protocol) on ${cloud.stripeUrl}`);
  options.onLine?.(`text messages (Twilio's protocol) on ${cloud.twilioUrl}`);
  options.onLine?.(`mail on ${cloud.smtpUrl}, inbox of mail and text messages on ${cloud.inboxUrl}`);
  options.onLine?.(`log-in with Google on ${cloud.googleUrl}, with GitHub on ${cloud.githubUrl}`);
  options.onLine?.(`push messages (Web Push) at ${cloud.pushUrl}/_control/messages`);
  options.onLine?.(`pictures (Cloudinary's protocol) on ${cloud.cloudinaryUrl}`);
  return cloud;
}

interface Servers {
  stripe: StripeServer;
  twilio: TwilioServer;
  inbox: InboxServer;
  google: RunningServer;
  github: RunningServer;
  cloudinary: RunningServer;
  push: PushServer;
  stop: () => Promise<void>;
}

/** All of them, or none: what had started is stopped when a later one cannot start. */
async function startServers(options: LocalCloudOptions, settings: Settings): Promise<Servers> {
  const { dataDir, webhookUrl = null } = options;
  const known = { ...options.preferredPorts, ...settings.ports };
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(stops.splice(0).map((stopOne) => stopOne()));
  };
  const started = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const server = await starting;
    stops.push(() => server.stop());
    return server;
  };
  try {
    const stripePorts = portsToTry(options.stripePort, known.stripe);
    const stripe = await started(startStripeServer({ ...settings, dataDir, ports: stripePorts, webhookUrl }));
    const { twilioAccountSid: accountSid, twilioAuthToken: authToken } = settings;
    const twilioPorts = portsToTry(options.twilioPort, known.twilio);
    const twilio = await started(
      startTwilioServer({ dataDir, ports: twilioPorts, accountSid, authToken, from: SMS_FROM }),
    );
    const smtpPorts = portsToTry(options.smtpPort, known.smtp);
    const inboxPorts = portsToTry(options.inboxPort, known.inbox);
    const inbox = await started(startInbox({ dataDir, smtpPorts, inboxPorts, listSms: () => twilio.list() }));
    const googlePorts = portsToTry(undefined, known.google);
    const google = await started(startGoogleServer({ dataDir, ports: googlePorts, client: settings.google }));
    const githubPorts = portsToTry(undefined, known.github);
    const github = await started(startGithubServer({ ports: githubPorts, client: settings.github }));
    const account = { cloudName: CLOUD_NAME, ...settings.cloudinary };
    const cloudPorts = portsToTry(options.cloudinaryPort, known.cloudinary);
    const cloudinary = await started(startCloudinaryServer({ dataDir, ports: cloudPorts, account }));
    const [pushPorts, gatewayPorts] = [portsToTry(undefined, known.push), portsToTry(undefined, known.pushGateway)];
    const { publicKey } = settings.push;
    const push = await started(startPushServer({ dataDir, ports: pushPorts, gatewayPorts, publicKey }));
    return { stripe, twilio, inbox, google, github, cloudinary, push, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port asked for by name is used or refused; a remembered one gives way when somebody else has it. */
function portsToTry(wanted: number | undefined, remembered: number | undefined): number[] {
  if (wanted !== undefined && wanted !== 0) return [wanted];
  return remembered === undefined ? [0] : [remembered, 0];
}

function describeCloud(settings: Settings, servers: Servers): LocalCloud {
  const { stripe, twilio, inbox, google, github, cloudinary, push, stop } = servers;
  const smtpUrl = `smtp://127.0.0.1:${inbox.smtpPort}`;
  return {
    env: {
      STRIPE_SECRET_KEY: settings.secretKey,
      STRIPE_PUBLISHABLE_KEY: settings.publishableKey,
      STRIPE_WEBHOOK_SECRET: settings.webhookSecret,
      STRIPE_API_BASE_URL: stripe.url,
      SMTP_URL: smtpUrl,
      ...{ TWILIO_ACCOUNT_SID: settings.twilioAccountSid, TWILIO_AUTH_TOKEN: settings.twilioAuthToken },
      ...{ TWILIO_FROM: SMS_FROM, TWILIO_API_BASE_URL: twilio.url },
      GOOGLE_CLIENT_ID: settings.google.clientId,
      GOOGLE_CLIENT_SECRET: settings.google.clientSecret,
      GOOGLE_ISSUER: google.url,
      GITHUB_CLIENT_ID: settings.github.clientId,
      GITHUB_CLIENT_SECRET: settings.github.clientSecret,
      GITHUB_URL: github.url,
      GITHUB_API_URL: `${github.url}/api/v3`,
      CLOUDINARY_CLOUD_NAME: CLOUD_NAME,
      CLOUDINARY_API_KEY: settings.cloudinary.apiKey,
      CLOUDINARY_API_SECRET: settings.cloudinary.apiSecret,
      CLOUDINARY_API_BASE_URL: cloudinary.url,
      CLOUDINARY_DELIVERY_URL: cloudinary.url,
      ...pushEnv(settings, push),
    },
    stripeUrl: stripe.url,
    inboxUrl: inbox.url,
    smtpUrl,
    twilioUrl: twilio.url,
    googleUrl: google.url,
    githubUrl: github.url,
    cloudinaryUrl: cloudinary.url,
    pushUrl: push.url,
    setWebhookUrl: (url) => {
      stripe.setWebhookUrl(url);
    },
    stop,
  };
}

function pushEnv(
  { push: { publicKey, privateKey } }: Settings,
  { gateway, certFile }: PushServer,
): Record<string, string> {
  return {
    WEB_PUSH_PUBLIC_KEY: publicKey,
    WEB_PUSH_PRIVATE_KEY: privateKey,
    WEB_PUSH_GATEWAY: gateway,
    WEB_PUSH_GATEWAY_CA: certFile,
  };
}
