import { cooking, delivering } from './journey-fulfilling.ts';
import { paying, shopping } from './journey-ordering.ts';
import {
  keep,
  logsIn,
  ofOrder,
  ofRestaurant,
  statusIs,
  type ApiStep,
  type Journey,
  type Step,
} from './journey-step.ts';

const customersOrder = { operationId: 'getOrder', actor: 'customer', ...ofOrder, status: 200 } as const;
const newKey = keep('orderKey', "pm.variables.replaceIn('{{$guid}}')");
/** Sign-up, address, restaurant. */
const arriving = shopping.slice(0, 3);
const readsMenu = shopping.slice(3, 4);
const kitchenLogsIn = cooking.slice(0, 1);
const accepting = cooking.slice(1, 3);
const cooked = cooking.slice(3);

/** Two dishes that need no choice: one more piece of the first than the minimum asks for, and one of the second. */
const choosing: Step = {
  title: 'reads its menu and chooses two dishes',
  operationId: 'getMenu',
  actor: 'anybody',
  ...ofRestaurant,
  status: 200,
  after: [
    'const items = answer.categories.flatMap((category) => category.items).filter(({ isAvailable, sizes, optionGroups }) =>',
    '  isAvailable && sizes.length === 0 && optionGroups.every((group) => !group.isRequired));',
    keep('itemId', 'items[0].id'),
    keep('otherItemId', 'items[1].id'),
    keep('fewer', "Math.ceil(Number(pm.environment.get('minimumMinor')) / items[0].price.amount) || 1"),
    keep('quantity', "Number(pm.environment.get('fewer')) + 1"),
  ],
};

function puts(itemId: string, quantity: number | string): ApiStep {
  return {
    title: `puts ${itemId === '{{itemId}}' ? 'the first' : 'the second'} into the cart`,
    operationId: 'addCartItem',
    actor: 'customer',
    body: { restaurantId: '{{restaurantId}}', itemId, quantity },
    status: 201,
  };
}

function quotes(title: string, body: object): ApiStep {
  return {
    title,
    operationId: 'createQuote',
    actor: 'customer',
    body,
    status: 201,
    after: [keep('quoteId', 'answer.id'), newKey],
  };
}

function orders(title: string, paymentMethod: 'card' | 'cash', after: readonly string[]): ApiStep {
  return {
    ...{ title, operationId: 'placeOrder', actor: 'customer', idempotencyKey: '{{orderKey}}', status: 201 },
    body: { quoteId: '{{quoteId}}', paymentMethod },
    after: [keep('orderId', 'answer.id'), ...after],
  };
}

function sells(title: string, isAvailable: boolean): ApiStep {
  return {
    ...{ title, operationId: 'setItemAvailability', actor: 'restaurant', status: 200 },
    path: { itemId: '{{otherItemId}}' },
    body: { item: { isAvailable, soldOutUntil: null } },
  };
}

const agreeing: readonly Step[] = [
  choosing,
  puts('{{itemId}}', '{{=quantity}}'),
  puts('{{otherItemId}}', 1),
  quotes('asks for a quote: every figure, good for ten minutes', { addressId: '{{addressId}}', tipMinor: 2_000 }),
  ...kitchenLogsIn,
  sells('runs out of the second dish', false),
  {
    ...orders('The quote is stale: the answer says what changed, and brings a new one', 'card', []),
    status: 409,
    after: [
      "pm.expect(answer.error.code).to.equal('quote_stale');",
      'pm.expect(answer.error.details.changes.map(({ path }) => path)).to.include("items.1");',
      keep('quoteId', 'answer.error.details.quote.id'),
      newKey,
    ],
  },
  sells('has the second dish again', true),
  orders('The customer agrees to the new quote, and orders', 'card', [statusIs('pending_payment')]),
];

const amending: readonly Step[] = [
  {
    ...customersOrder,
    title: 'The card is charged',
    until: "answer.payment.status === 'captured'",
    after: [keep('lineId', 'answer.items[0].lineId'), keep('dueMinor', 'answer.amountDue.amount')],
  },
  {
    title: 'The kitchen has one piece less than was ordered',
    operationId: 'proposeAmendment',
    actor: 'restaurant',
    ...ofOrder,
    body: { changes: [{ kind: 'reduce', lineId: '{{lineId}}', quantity: '{{=fewer}}' }] },
    status: 201,
    after: [
      keep('amendmentId', 'answer.id'),
      'pm.expect(answer.totals.ifAccepted.amount).to.be.below(answer.totals.before.amount);',
    ],
  },
  {
    title: 'The customer agrees: less is due',
    operationId: 'respondToAmendment',
    actor: 'customer',
    path: { orderId: '{{orderId}}', amendmentId: '{{amendmentId}}' },
    body: { answer: 'accepted' },
    status: 200,
    after: ["pm.expect(answer.amountDue.amount).to.be.below(Number(pm.environment.get('dueMinor')));"],
  },
  {
    ...customersOrder,
    title: 'and the difference comes back by itself',
    until: 'answer.amountRefunded.amount > 0',
    after: [
      "pm.expect(answer.amountDue.amount + answer.amountRefunded.amount).to.equal(Number(pm.environment.get('dueMinor')));",
      keep('refundedMinor', 'answer.amountRefunded.amount'),
    ],
  },
  {
    title: 'What would it cost to cancel? Nothing is written',
    operationId: 'cancelOrder',
    actor: 'customer',
    ...ofOrder,
    query: { dryRun: 'true' },
    body: {},
    status: 200,
    after: [
      'pm.expect(answer.allowed).to.equal(true);',
      "pm.expect(['within_a_minute', 'food_cost']).to.include(answer.policy);",
    ],
  },
];

const refunding: readonly Step[] = [
  logsIn('An admin logs in', 'admin'),
  {
    title: 'and gives 5.00 back by hand, at the expense of the restaurant',
    operationId: 'refundOrder',
    actor: 'admin',
    ...ofOrder,
    body: { amountMinor: 500, reason: 'quality', liableParty: 'restaurant' },
    status: 201,
  },
  {
    ...customersOrder,
    title: 'It is made within seconds, and changes nothing of what was due',
    until: "answer.amountRefunded.amount > Number(pm.environment.get('refundedMinor'))",
    after: ["pm.expect(answer.amountRefunded.amount).to.equal(Number(pm.environment.get('refundedMinor')) + 500);"],
  },
  {
    title: 'The receipt is made by a job: its link opens without a token, for a while',
    operationId: 'findReceipt',
    actor: 'customer',
    ...ofOrder,
    status: 200,
    until: 'answer !== null',
    after: ['pm.expect(answer.url).to.be.a("string");'],
  },
];

export const moneyJourney: Journey = {
  name: 'The money of an order',
  description: `From a quote that is stale when it is bought to the receipt: the new quote, the card's hold and charge, an amendment whose difference
comes back, the dry run of a cancellation, a refund by hand. Each figure is asked of the order.`,
  steps: [...arriving, ...agreeing, ...paying, ...accepting, ...amending, ...cooked, ...delivering, ...refunding],
};

export const cashJourney: Journey = {
  name: 'Cash at the door',
  description:
    'Nobody waits for a card: the order is placed at once, and what is due is due at the door. Until it is accepted, ending it is free.',
  steps: [
    ...arriving,
    choosing,
    puts('{{itemId}}', '{{=quantity}}'),
    quotes('asks for a quote', { addressId: '{{addressId}}' }),
    orders('orders, to pay in cash', 'cash', [
      statusIs('placed'),
      "pm.expect(answer.payment.status).to.equal('cod_due');",
    ]),
    {
      title: 'thinks better of it, and hears that it costs nothing',
      operationId: 'cancelOrder',
      actor: 'customer',
      ...ofOrder,
      query: { dryRun: 'true' },
      body: {},
      status: 200,
      after: [
        "pm.expect(answer.policy).to.equal('free');",
        'pm.expect(answer.fee.amount + answer.refund.amount).to.equal(0);',
      ],
    },
    {
      title: 'and cancels',
      operationId: 'cancelOrder',
      actor: 'customer',
      ...ofOrder,
      body: {},
      status: 200,
      after: [statusIs('cancelled'), 'pm.expect(answer.amountDue.amount).to.equal(0);'],
    },
  ],
};

export const collectionJourney: Journey = {
  name: 'Fetched with a code',
  description:
    'An order that its customer fetches: no address and no courier, and six digits that are shown at the counter once it is ready.',
  steps: [
    ...arriving,
    ...readsMenu,
    ...kitchenLogsIn,
    {
      title: 'reads its own page, with the version',
      operationId: 'getRestaurantConsole',
      actor: 'restaurant',
      ...ofRestaurant,
      status: 200,
      after: [keep('version', 'answer.version')],
    },
    {
      title: 'and lets customers fetch their food',
      operationId: 'updateRestaurant',
      actor: 'restaurant',
      ...ofRestaurant,
      body: { modes: ['delivery', 'collection'] },
      status: 200,
    },
    puts('{{itemId}}', '{{=quantity}}'),
    quotes('asks for a quote, to fetch it', { mode: 'collection' }),
    orders('orders', 'card', [statusIs('pending_payment')]),
    ...paying,
    ...accepting,
    {
      title: 'The kitchen is ready',
      operationId: 'markOrderReady',
      actor: 'restaurant',
      ...ofOrder,
      status: 200,
      after: [statusIs('ready')],
    },
    {
      ...customersOrder,
      title: 'The customer sees the code to show',
      after: [
        'pm.expect(answer.collectionCode).to.match(/^\\d{6}$/);',
        keep('collectionCode', 'answer.collectionCode'),
      ],
    },
    {
      title: 'and gets the food for it',
      operationId: 'handOverOrder',
      actor: 'restaurant',
      ...ofOrder,
      body: { code: '{{collectionCode}}' },
      status: 200,
      after: [statusIs('collected')],
    },
  ],
};
