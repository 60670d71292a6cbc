import { z } from 'zod';
import { isTaxNumber } from '../shared/tax-number.ts';
import { whole } from './whole.ts';

/** What the business decides; a part of `envSchema`. */
export const businessKeys = {
  QUOTE_TTL_SECONDS: whole(30, 86_400).default(600).meta({ area: 'Business', description: 'Life of a quote.' }),
  PAY_TIMEOUT_SECONDS: whole(1, 86_400)
    .default(900)
    .meta({ area: 'Business', description: 'T1: an unpaid order expires after this.' }),
  ACCEPT_TIMEOUT_SECONDS: whole(1, 86_400)
    .default(300)
    .meta({ area: 'Business', description: 'T2: an unanswered order expires after this.' }),
  OFFER_TTL_SECONDS: whole(1, 600)
    .default(30)
    .meta({ area: 'Business', description: 'Life of an offer to a courier.' }),
  OFFERS_PER_ROUND: whole(1, 50)
    .default(5)
    .meta({ area: 'Business', description: 'Couriers that are offered a delivery at once.' }),
  DISPATCH_STALLED_SECONDS: whole(1, 7200)
    .default(480)
    .meta({ area: 'Business', description: 'A delivery without a taker for this long is reported as stalled.' }),
  COURIER_FIX_MAX_AGE_SECONDS: whole(1, 86_400)
    .default(120)
    .meta({ area: 'Business', description: 'A courier whose last position is older gets no offers.' }),
  DELIVERY_RADIUS_METERS: whole(100, 100_000)
    .default(8000)
    .meta({ area: 'Business', description: 'Search radius where the client names none.' }),
  REVIEW_WINDOW_DAYS: whole(1, 365)
    .default(30)
    .meta({ area: 'Business', description: 'How long after its end an order can be reviewed.' }),
  TIP_WINDOW_DAYS: whole(1, 60)
    .default(7)
    .meta({ area: 'Business', description: 'How long after the delivery the courier can be tipped.' }),
  ACCEPT_PUSH_SECONDS: whole(1, 86400)
    .default(60)
    .meta({ area: 'Business', description: 'An unanswered order is pushed to the restaurant again after this.' }),
  ACCEPT_SMS_SECONDS: whole(1, 86400)
    .default(120)
    .meta({ area: 'Business', description: 'And a text message is sent after this.' }),
  ACCEPT_ALERT_SECONDS: whole(1, 86400)
    .default(180)
    .meta({ area: 'Business', description: 'And operations are alerted after this.' }),
  AMENDMENT_ANSWER_SECONDS: whole(1, 86400).default(240).meta({
    area: 'Business',
    description: 'A customer who does not answer an amendment gets the stored preference after this.',
  }),
  PAY_AGAIN_SECONDS: whole(1, 86400)
    .default(180)
    .meta({ area: 'Business', description: 'A customer whose capture was refused may pay again for so long.' }),
  PREP_OVERDUE_SECONDS: whole(1, 86400).default(300).meta({
    area: 'Business',
    description: 'T5: the restaurant is asked when the food is so late; operations after three times that.',
  }),
  NO_SHOW_SECONDS: whole(1, 86400)
    .default(2700)
    .meta({ area: 'Business', description: 'T6: food that nobody collected is given up after this.' }),
  DROPOFF_WAIT_SECONDS: whole(1, 86400)
    .default(480)
    .meta({ area: 'Business', description: 'T7: a courier waits so long at the door before the delivery may fail.' }),
  DROPOFF_RADIUS_METERS: whole(20, 5000).default(300).meta({
    area: 'Business',
    description:
      'A courier is at the door within this of the address, as the crow flies; waiting and calling from farther away do not count.',
  }),
  COURIER_LOST_SECONDS: whole(1, 86400).default(300).meta({
    area: 'Business',
    description: 'T8: a courier without a position for so long loses what is not picked up.',
  }),
  REVIEW_INVITE_SECONDS: whole(1, 604800)
    .default(2700)
    .meta({ area: 'Business', description: 'T9: a review is asked for this long after the end.' }),
  HOLD_WATCH_SECONDS: whole(60, 2592000)
    .default(518400)
    .meta({ area: 'Business', description: 'T10: a hold that nobody captured is looked at after this.' }),
  PAYOUT_DELAY_SECONDS: whole(1, 2592000)
    .default(86400)
    .meta({ area: 'Business', description: 'T11: earnings become payable this long after the end.' }),
  SLOT_HORIZON_DAYS: whole(1, 5).default(5).meta({
    area: 'Business',
    description:
      'How far ahead an order can be scheduled. Its money is held from the placing on, and banks keep a hold for a week.',
  }),
  DOCUMENT_TTL_SECONDS: whole(60, 2592000)
    .default(3600)
    .meta({ area: 'Business', description: 'Life of a link to a receipt, invoice or statement.' }),
  RECEIPT_LINK_DAYS: whole(1, 365).default(60).meta({
    area: 'Business',
    description: 'Life of the link to the receipt in its mail: people look for it at the end of the month.',
  }),
  PLATFORM_LEGAL_NAME: z.string().min(1).max(150).default('QuickBite Example Company').meta({
    area: 'Business',
    description: 'Who invoices delivery and service. Must be set in production, as the two below.',
  }),
  PLATFORM_ADDRESS: z.string().min(1).max(200).default('1 Example Quay, Saffron Bay 990001').meta({
    area: 'Business',
    description: 'Its registered address.',
  }),
  PLATFORM_TAX_NUMBERS: z
    .string()
    .regex(/^[A-Z]{2}:[^:,]+(,[A-Z]{2}:[^:,]+)*$/, 'must be like IN:30ZZZCQ0000Z1ZN,FR:FR66000000018')
    .refine((text) => text.split(',').every((part) => isTaxNumber(part.slice(0, 2), part.slice(3))), {
      message: 'must be valid tax numbers of their countries',
    })
    .default('IN:30ZZZCQ0000Z1ZN,FR:FR66000000018')
    .meta({
      area: 'Business',
      description: 'Under which it is registered, by country. Those of the example are fictitious.',
    }),
  RECONCILIATION_DAYS_BACK: whole(7, 3650).default(90).meta({
    area: 'Business',
    description: 'How many days back the books can be compared with the provider’s list by hand.',
  }),
  CASH_LIMITS: z
    .string()
    .regex(/^([A-Z]{3}:\d+)(,[A-Z]{3}:\d+)*$/, 'must be like INR:200000,EUR:8000')
    .default('INR:200000,EUR:8000,JPY:12000')
    .meta({
      area: 'Business',
      description: 'Largest order that is paid in cash, in minor units; other currencies never.',
    }),
  CASH_FAILURES_MAX: whole(1, 100).default(3).meta({
    area: 'Business',
    description: 'A customer whose orders for cash failed so often by their own fault pays by card.',
  }),
  CASH_FAILURE_DAYS: whole(1, 365)
    .default(30)
    .meta({ area: 'Business', description: 'How long such a failure counts.' }),
  CASH_OPEN_MAX: whole(1, 100)
    .default(3)
    .meta({ area: 'Business', description: 'Orders for cash that a customer may have under way.' }),
  COURIER_CASH_LIMITS: z
    .string()
    .regex(/^([A-Z]{3}:\d+)(,[A-Z]{3}:\d+)*$/, 'must be like INR:500000,EUR:20000')
    .default('INR:500000,EUR:20000,JPY:30000')
    .meta({ area: 'Business', description: 'Most cash that a courier may carry for us, in minor units.' }),
  COURIER_WAY_FLOORS: z
    .string()
    .regex(/^([A-Z]{3}:\d+)(,[A-Z]{3}:\d+)*$/, 'must be like INR:2000,EUR:200')
    .default('INR:2000,EUR:200,JPY:300')
    .meta({
      area: 'Business',
      description:
        'What a courier earns for a way for which the restaurant’s fee table asks nothing, in minor units; we bear it.',
    }),
  OPERATIONS_EMAIL: z
    .email()
    .default('operations@quickbite.example')
    .meta({ area: 'Business', description: 'Where operations are alerted.' }),
};
