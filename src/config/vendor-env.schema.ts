import { z } from 'zod';
import { whole } from './whole.ts';

/** The keys of everybody we call; a part of `envSchema`. */
export const vendorKeys = {
  STRIPE_SECRET_KEY: z
    .string()
    .default('')
    .meta({ area: 'Payments', description: 'Secret key of the payment provider.', secret: true }),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .default('')
    .meta({ area: 'Payments', description: 'Publishable key that the front end needs to confirm a payment.' }),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .default('')
    .meta({ area: 'Payments', description: 'Signing secret of the webhook endpoint.', secret: true }),
  STRIPE_WEBHOOK_SECRET_PREVIOUS: z.string().default('').meta({
    area: 'Payments',
    description: 'While secrets are rotated: the one before, which counts, too. Empty at all other times.',
    secret: true,
  }),
  STRIPE_API_BASE_URL: z
    .url()
    .default('https://api.stripe.com')
    .meta({ area: 'Payments', description: 'The real provider, or the local cloud.' }),
  STRIPE_TIMEOUT_SECONDS: whole(1, 80)
    .default(5)
    .meta({ area: 'Payments', description: 'A call to the provider is given up after this.' }),

  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must be an smtp:// or smtps:// address')
    .default('smtp://127.0.0.1:1025')
    .meta({ area: 'Mail', description: 'The mail server, or the inbox of the local cloud.' }),
  MAIL_FROM: z
    .string()
    .default('QuickBite <hello@quickbite.example>')
    .meta({ area: 'Mail', description: 'Sender of every mail.' }),

  TWILIO_ACCOUNT_SID: z
    .string()
    .default('')
    .meta({ area: 'SMS', description: 'Account that sends text messages; empty: no SMS.' }),
  TWILIO_AUTH_TOKEN: z.string().default('').meta({ area: 'SMS', description: 'Secret of that account.', secret: true }),
  TWILIO_FROM: z.string().default('+15005550006').meta({ area: 'SMS', description: 'Sender of every text message.' }),
  TWILIO_API_BASE_URL: z
    .url()
    .default('https://api.twilio.com')
    .meta({ area: 'SMS', description: 'The real provider, or the local cloud.' }),

  SMS_HOURLY_BUDGET: whole(1, 1_000_000).default(1000).meta({
    area: 'SMS',
    description: 'Text messages in an hour, all together; beyond it none goes out, and it is logged.',
  }),

  GOOGLE_CLIENT_ID: z
    .string()
    .default('')
    .meta({ area: 'Social log-in', description: 'OpenID Connect client; empty: no log-in with Google.' }),
  GOOGLE_CLIENT_SECRET: z
    .string()
    .default('')
    .meta({ area: 'Social log-in', description: 'Secret of that client.', secret: true }),
  GOOGLE_ISSUER: z
    .url()
    .default('https://accounts.google.com')
    .meta({ area: 'Social log-in', description: 'The real issuer, or the local cloud.' }),
  GITHUB_CLIENT_ID: z
    .string()
    .default('')
    .meta({ area: 'Social log-in', description: 'OAuth app; empty: no log-in with GitHub.' }),
  GITHUB_CLIENT_SECRET: z
    .string()
    .default('')
    .meta({ area: 'Social log-in', description: 'Secret of that app.', secret: true }),
  GITHUB_URL: z
    .url()
    .default('https://github.com')
    .meta({ area: 'Social log-in', description: 'Where the person signs in; the real one, or the local cloud.' }),
  GITHUB_API_URL: z
    .url()
    .default('https://api.github.com')
    .meta({ area: 'Social log-in', description: 'Where the profile is read; the real one, or the local cloud.' }),
  OAUTH_RETURN_URLS: z
    .string()
    .refine((list) => list.split(',').every((url) => URL.canParse(url.trim())), 'must be addresses, comma-separated')
    .default('http://localhost:5173/auth/callback,http://localhost:3000/auth/callback')
    .meta({
      area: 'Social log-in',
      description: 'Pages of the front end that a log-in may return to; compared exactly.',
    }),

  WEB_PUSH_SERVICES: z
    .string()
    .regex(/^\.?[a-z\d-]+(\.[a-z\d-]+)+(,\.?[a-z\d-]+(\.[a-z\d-]+)+)*$/, 'must be host names, comma-separated')
    .default('fcm.googleapis.com,.push.services.mozilla.com,.notify.windows.com,.push.apple.com')
    .meta({
      area: 'Push',
      description: 'Hosts that the push endpoint of a browser may name; a leading dot takes every name under it.',
    }),
  WEB_PUSH_PUBLIC_KEY: z
    .string()
    .regex(/^[\w-]{87}$/, 'must be a VAPID key')
    .or(z.literal(''))
    .default('')
    .meta({ area: 'Push', description: 'VAPID key that browsers subscribe with; empty: no push messages.' }),
  WEB_PUSH_PRIVATE_KEY: z
    .string()
    .default('')
    .meta({ area: 'Push', description: 'The other half of that key.', secret: true }),
  WEB_PUSH_SUBJECT: z
    .string()
    .regex(/^(mailto:|https:)/, 'must be a mailto: or https: address')
    .default('mailto:operations@quickbite.example')
    .meta({ area: 'Push', description: 'Whom a push service can write to about our messages.' }),
  WEB_PUSH_GATEWAY: z
    .string()
    .regex(/^[a-z\d.-]+:\d{1,5}$/, 'must be host:port')
    .or(z.literal(''))
    .default('')
    .meta({
      area: 'Push',
      description: 'Every message is sent there instead, e.g. to the local cloud; empty: to the endpoint.',
    }),
  WEB_PUSH_GATEWAY_CA: z
    .string()
    .default('')
    .meta({ area: 'Push', description: 'File with the certificate that the gateway shows.' }),

  CLOUDINARY_CLOUD_NAME: z
    .string()
    .default('')
    .meta({ area: 'Images', description: 'Cloud that keeps and serves pictures; empty: no uploads.' }),
  CLOUDINARY_API_KEY: z.string().default('').meta({ area: 'Images', description: 'Key of that cloud.' }),
  CLOUDINARY_API_SECRET: z
    .string()
    .default('')
    .meta({ area: 'Images', description: 'Secret of that cloud; also signs direct uploads.', secret: true }),
  CLOUDINARY_API_BASE_URL: z
    .url()
    .default('https://api.cloudinary.com')
    .meta({ area: 'Images', description: 'The real provider, or the local cloud.' }),
  CLOUDINARY_DELIVERY_URL: z
    .url()
    .default('https://res.cloudinary.com')
    .meta({ area: 'Images', description: 'Where browsers fetch pictures; the real one, or the local cloud.' }),
  CLOUDINARY_FOLDER: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('quickbite')
    .meta({ area: 'Images', description: 'Folder of the cloud that is ours; nothing outside it is ever removed.' }),
  CLOUDINARY_TIMEOUT_SECONDS: whole(1, 300)
    .default(20)
    .meta({ area: 'Images', description: 'A call to that cloud is given up after this.' }),
  UPLOADS_PER_DAY: whole(1, 100_000)
    .default(300)
    .meta({ area: 'Images', description: 'Pictures and clips that one person may upload in a day.' }),
  UPLOAD_MEGABYTES_PER_DAY: whole(1, 100_000)
    .default(1000)
    .meta({ area: 'Images', description: 'How large they may be, all together.' }),
};
