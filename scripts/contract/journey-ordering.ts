import { home, keep, ofOrder, ofRestaurant, statusIs, type Step } from './journey-step.ts';

export const shopping: readonly Step[] = [
  {
    title: 'A stranger signs up',
    operationId: 'signUp',
    actor: 'anybody',
    before: [keep('customerEmail', '`asha-${Date.now()}@customer.example`')],
    body: { email: '{{customerEmail}}', password: '{{demoPassword}}', name: 'Asha Rao' },
    status: 201,
    after: [keep('customerToken', 'answer.accessToken'), keep('bearerToken', 'answer.accessToken')],
  },
  {
    title: 'says where the door is',
    operationId: 'addAddress',
    actor: 'customer',
    body: { label: 'Home', line1: '12 Pepper Street', city: 'Saffron Bay', location: home },
    status: 201,
    after: [keep('addressId', 'answer.id')],
  },
  {
    title: 'looks for an open restaurant near by',
    operationId: 'listRestaurants',
    actor: 'anybody',
    query: { lat: String(home.lat), lng: String(home.lng), openNow: 'true', q: 'saffron table' },
    status: 200,
    after: [
      'pm.expect(answer.data).not.to.be.empty;',
      keep('restaurantId', 'answer.data[0].id'),
      keep('minimumMinor', 'answer.data[0].minimumOrder.amount'),
    ],
  },
  {
    title: 'reads its menu',
    operationId: 'getMenu',
    actor: 'anybody',
    ...ofRestaurant,
    status: 200,
    after: [
      'const items = answer.categories.flatMap((category) => category.items);',
      'const item = items.find(({ isAvailable, optionGroups }) => isAvailable && optionGroups.every((group) => !group.isRequired));',
      keep('itemId', 'item.id'),
      keep('quantity', "Math.ceil(Number(pm.environment.get('minimumMinor')) / item.price.amount) || 1"),
    ],
  },
  {
    title: 'fills the cart',
    operationId: 'addCartItem',
    actor: 'customer',
    body: { restaurantId: '{{restaurantId}}', itemId: '{{itemId}}', quantity: '{{=quantity}}' },
    status: 201,
  },
  {
    title: 'asks for a quote',
    operationId: 'createQuote',
    actor: 'customer',
    body: { addressId: '{{addressId}}' },
    status: 201,
    after: [keep('quoteId', 'answer.id'), keep('orderKey', "pm.variables.replaceIn('{{$guid}}')")],
  },
  {
    title: 'orders',
    operationId: 'placeOrder',
    actor: 'customer',
    idempotencyKey: '{{orderKey}}',
    body: { quoteId: '{{quoteId}}', paymentMethod: 'card' },
    status: 201,
    after: [keep('orderId', 'answer.id'), statusIs('pending_payment')],
  },
  {
    title: 'orders again with the same key: it stays one order',
    operationId: 'placeOrder',
    actor: 'customer',
    idempotencyKey: '{{orderKey}}',
    body: { quoteId: '{{quoteId}}', paymentMethod: 'card' },
    status: 201,
    after: [
      "pm.expect(answer.id).to.equal(pm.environment.get('orderId'));",
      "pm.expect(pm.response.headers.get('Idempotent-Replayed')).to.equal('true');",
    ],
  },
];

export const paying: readonly Step[] = [
  {
    title: 'The browser asks how to pay',
    operationId: 'getPayment',
    actor: 'customer',
    ...ofOrder,
    status: 200,
    until: 'answer.clientSecret',
    after: [
      keep('clientSecret', 'answer.clientSecret'),
      keep('intentId', "answer.clientSecret.split('_secret_')[0]"),
      keep('publishableKey', 'answer.publishableKey'),
    ],
  },
  {
    title: 'and pays at the provider by card',
    providerPath: ['v1', 'payment_intents', '{{intentId}}', 'confirm'],
    form: { client_secret: '{{clientSecret}}', payment_method: 'pm_card_visa' },
    status: 200,
    after: [statusIs('requires_capture')],
  },
  {
    title: "The provider's signed webhook places the order",
    operationId: 'getOrder',
    actor: 'customer',
    ...ofOrder,
    status: 200,
    until: "answer.status !== 'pending_payment'",
    after: [statusIs('placed')],
  },
];
