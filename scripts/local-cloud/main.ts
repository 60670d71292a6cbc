import { parseArgs } from 'node:util';
import { startLocalCloud } from './index.ts';

/** Runs the local cloud alone: `node scripts/local-cloud/main.ts --data .data/local-cloud --webhook-url http://...`. */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.data/local-cloud' },
    'webhook-url': { type: 'string', default: 'http://127.0.0.1:5000/api/v1/webhooks/payments/stripe' },
    'stripe-port': { type: 'string', default: '0' },
    'smtp-port': { type: 'string', default: '0' },
    'inbox-port': { type: 'string', default: '0' },
    'twilio-port': { type: 'string', default: '0' },
    'cloudinary-port': { type: 'string', default: '0' },
  },
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  const cloud = await startLocalCloud({
    dataDir: values.data,
    stripePort: Number(values['stripe-port']),
    smtpPort: Number(values['smtp-port']),
    inboxPort: Number(values['inbox-port']),
    twilioPort: Number(values['twilio-port']),
    cloudinaryPort: Number(values['cloudinary-port']),
    webhookUrl: values['webhook-url'],
    onLine: print,
  });
  for (const [name, value] of Object.entries(cloud.env)) print(`${name}=${value}`);
  const stop = (): void => {
    void cloud.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
