import { MAIL_KINDS, type MailKind } from '../../src/modules/notifications/notification.model.ts';

interface MailSample {
  subject: string;
  data: Record<string, unknown>;
}

const GREETING = 'Hello Asha Rao,';
const APP = 'http://localhost:5173';
const API = 'http://localhost:5000/api/v1';
const TOKEN = 'Nn2d3c6l0c7mIjV0c2hB9aQpYkz1mX8oR5tE4wUuGfA';

const BILL = {
  greeting: GREETING,
  orderNumber: 'QB-7F3K',
  restaurantName: 'Biryani Wharf',
  items: [
    {
      quantity: 2,
      name: 'Vegetable biryani',
      options: ['Large (₹60.00)', 'No onion'],
      unitPrice: '₹309.00',
      lineTotal: '₹618.00',
    },
    { quantity: 1, name: 'Lassi', options: [], unitPrice: '₹60.50', lineTotal: '₹60.50' },
  ],
  charges: [
    { label: 'Items', amount: '₹678.50' },
    { label: 'Delivery', amount: '₹25.00' },
    { label: 'Tip for the courier', amount: '₹20.00' },
  ],
  total: '₹723.50',
  includedTax: '₹30.90',
};

const EXPECTED_BY = { label: 'Expected by', text: '20 Nov 2026, 18:30' };
const CONFIRMED = {
  ...BILL,
  isForLater: false,
  isCollected: false,
  payment: 'Your card is charged when the restaurant accepts.',
  facts: [{ label: 'To', text: 'Home, 12 Lighthouse Road' }, EXPECTED_BY],
  link: `${APP}/orders/65f0c0ffee0000000000abcd`,
};
const RECEIPT = {
  ...BILL,
  restaurantAddress: '3 Wharf Lane',
  ended: 'was delivered on 20 Nov 2026, 18:21',
  paid: 'Paid by card.',
  receiptLink: `${API}/receipts/65f0c0ffee0000000000abcd?expires=1795264200&signature=0a1b2c`,
};

/** What each mail may say. */
const mailSamples: Readonly<Record<MailKind, MailSample>> = {
  welcome: { subject: 'Welcome to QuickBite', data: {} },
  'order-confirmed': { subject: 'Your order QB-7F3K is placed', data: CONFIRMED },
  receipt: { subject: 'Your receipt for order QB-7F3K', data: RECEIPT },
  'verify-email': {
    subject: 'Confirm your e-mail address',
    data: { greeting: 'Hello,', link: `${APP}/verify-email#token=${TOKEN}`, life: '24 hours' },
  },
  'change-email': {
    subject: 'Confirm your new e-mail address',
    data: { greeting: GREETING, link: `${APP}/verify-email#token=${TOKEN}`, life: '24 hours' },
  },
  'password-reset': {
    subject: 'Set a new password',
    data: { greeting: GREETING, link: `${APP}/reset-password#token=${TOKEN}`, life: '1 hour' },
  },
  'export-ready': {
    subject: 'Your data is ready',
    data: { greeting: GREETING, link: `${APP}/account/exports/65f0c0ffee0000000000abcd` },
  },
  'staff-invitation': {
    subject: 'Work at Biryani Wharf',
    data: {
      restaurantName: 'Biryani Wharf',
      duty: 'in the kitchen',
      link: `${APP}/join-restaurant#token=${TOKEN}`,
      life: '72 hours',
    },
  },
  'restaurant-decided': {
    subject: 'Biryani Wharf cannot go live yet',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      sentence: 'was looked at and sent back. Once you have changed what is in the way, submit it again.',
      reason: 'The address is not on any map.',
      link: `${APP}/console/restaurants/65f0c0ffee0000000000abcd`,
    },
  },
  'review-bad': {
    subject: 'Biryani Wharf: a review of 2 stars',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      stars: '2 stars',
      text: 'Cold, and without the lassi.',
      link: `${APP}/console/restaurants/65f0c0ffee0000000000abcd`,
    },
  },
  'order-delayed': {
    subject: 'Your order 5F2A1C is late',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      orderNumber: '5F2A1C',
      eta: '20:45',
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'order-ready': {
    subject: 'Your order 5F2A1C is ready to collect',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      restaurantAddress: '3 Wharf Lane',
      orderNumber: '5F2A1C',
      collectUntil: '20:45',
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'order-ended': {
    subject: 'Your order 5F2A1C was refused',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      orderNumber: '5F2A1C',
      text: 'was refused by the restaurant.',
      reason: 'This has run out: Lassi.',
      money: 'You are charged nothing: ₹723.50, which your card has paid or holds for it, is given back.',
      others: `${APP}/restaurants`,
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'order-refunded': {
    subject: '₹249.00 of your order 5F2A1C is on its way back',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      orderNumber: '5F2A1C',
      amount: '₹249.00',
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'order-tip': {
    subject: '₹50.00 for the courier of your order 5F2A1C',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      orderNumber: '5F2A1C',
      amount: '₹50.00',
      text: 'was taken from your card for the courier. All of it is theirs, and your receipt shows it.',
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'pay-again': {
    subject: 'Your order 5F2A1C: please pay again by 20:45',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      orderNumber: '5F2A1C',
      payBy: '20:45',
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'amendment-proposed': {
    subject: 'Your order 5F2A1C: the restaurant asks you something',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      orderNumber: '5F2A1C',
      changes: ['2 x Paneer tikka instead of 2 x Vegetable biryani, Large', 'Lassi: 1 instead of 2'],
      note: 'The rice is used up for today.',
      ifAccepted: 'the total is ₹682.50 instead of ₹723.50.',
      ifDeclined: 'the total is ₹105.50 instead of ₹723.50.',
      otherwise: 'what has run out is left out; the total is ₹105.50 instead of ₹723.50.',
      answerBy: '20 Nov 2026, 20:19 GMT+5:30',
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'ops-alert': {
    subject: 'Order 5F2A1C of Biryani Wharf: delivery stalled',
    data: {
      about: 'Order 5F2A1C of Biryani Wharf',
      sentence: 'finds no courier.',
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'restaurant-paused': {
    subject: 'Biryani Wharf is paused until 21:30',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      until: '21:30',
      link: `${APP}/console/restaurants/65f0c0ffee0000000000abcd`,
    },
  },
  'review-invitation': {
    subject: 'How was Biryani Wharf?',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      orderNumber: '5F2A1C',
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'review-answered': {
    subject: 'Biryani Wharf has answered your review',
    data: {
      greeting: GREETING,
      restaurantName: 'Biryani Wharf',
      answer: 'We are sorry. The next lassi is on us.',
      link: `${APP}/orders/65f0c0ffee0000000000abcd`,
    },
  },
  'new-device': {
    subject: 'New log-in to your account',
    data: {
      greeting: GREETING,
      device: 'Chrome on Android',
      address: '203.0.113.7',
      at: '20 November 2026 at 12:30 UTC',
      sessionsLink: `${APP}/account/sessions`,
      resetLink: `${APP}/forgot-password`,
    },
  },
  'account-changed': {
    subject: 'Your password was changed',
    data: {
      greeting: GREETING,
      sentence: 'The password of your account was changed, and all other devices were logged out.',
      resetLink: `${APP}/forgot-password`,
    },
  },
  'email-changed': {
    subject: 'The e-mail of your account was changed',
    data: {
      greeting: GREETING,
      sentence: 'Your account now has another e-mail address. This one no longer opens it.',
    },
  },
  'log-in-code': { subject: 'Your QuickBite code', data: { code: '493817', life: '10 minutes' } },
};

interface MailVariant extends MailSample {
  kind: MailKind;
}

const COLLECT_AT = { label: 'Collect at', text: 'Biryani Wharf, 3 Wharf Lane' };
const SLOT = { label: 'For', text: '20 Nov 2026, 18:00–18:15' };
const NOT_DELIVERED = BILL.charges.filter(({ label }) => label === 'Items');

/** What the same mail says elsewhere. */
const mailVariants: Readonly<Record<string, MailVariant>> = {
  'order-confirmed-cash': {
    ...{ kind: 'order-confirmed', subject: 'Your order QB-7F3K is placed' },
    data: { ...CONFIRMED, payment: 'You pay in cash: please have ₹723.50 ready for the courier.' },
  },
  'order-confirmed-nothing-to-pay': {
    ...{ kind: 'order-confirmed', subject: 'Your order QB-7F3K is placed' },
    data: { ...CONFIRMED, payment: 'There is nothing to pay.' },
  },
  'order-confirmed-scheduled': {
    ...{ kind: 'order-confirmed', subject: 'Your order QB-7F3K is placed' },
    data: {
      ...{ ...CONFIRMED, isForLater: true, facts: [...CONFIRMED.facts.slice(0, 1), SLOT, EXPECTED_BY] },
      payment:
        'Your card is charged when the restaurant accepts, shortly before it cooks. Until then the sum is only held.',
    },
  },
  'order-confirmed-collection': {
    ...{ kind: 'order-confirmed', subject: 'Your order QB-7F3K is placed' },
    data: {
      ...{ ...CONFIRMED, isCollected: true, charges: NOT_DELIVERED, total: '₹678.50' },
      facts: [COLLECT_AT, { label: 'Ready by', text: '20 Nov 2026, 18:30' }],
    },
  },
  'receipt-cash': {
    ...{ kind: 'receipt', subject: 'Your receipt for order QB-7F3K' },
    data: { ...RECEIPT, paid: 'Paid in cash.' },
  },
  'receipt-collection': {
    ...{ kind: 'receipt', subject: 'Your receipt for order QB-7F3K' },
    data: {
      ...{ ...RECEIPT, ended: 'was collected on 20 Nov 2026, 18:21' },
      ...{ charges: NOT_DELIVERED, total: '₹678.50' },
    },
  },
};

/** Every mail there is to look at, by the name of its file. */
export const mailPreviews: readonly (MailVariant & { name: string })[] = [
  ...MAIL_KINDS.map((kind) => ({ name: kind, kind, ...mailSamples[kind] })),
  ...Object.entries(mailVariants).map(([name, variant]) => ({ name, ...variant })),
];
