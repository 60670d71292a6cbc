import { home, keep, logsIn, statusIs, type Journey, type Step } from './journey-step.ts';

const ofBranch = { path: { restaurantId: '{{branchId}}' } };
const ofDish = { path: { itemId: '{{dishId}}' } };
const rupees = (amount: number) => ({ amount: amount * 100, currency: 'INR' });
/** Every edit answers the version that the next one must name. */
const keepVersion = keep('version', 'answer.version');

const preparing: readonly Step[] = [
  logsIn('An owner logs in', 'restaurant'),
  {
    title: 'begins with another restaurant, a draft',
    operationId: 'createRestaurant',
    actor: 'restaurant',
    before: [keep('branchName', '`Second Kettle ${Date.now()}`')],
    body: {
      name: '{{branchName}}',
      cuisines: ['cafe'],
      phone: '+915550100123',
      addressLine: '9 Customs House Road',
      location: home,
      timeZone: 'Asia/Kolkata',
      currency: 'INR',
      taxRates: { food: 500 },
    },
    status: 201,
    after: [statusIs('draft'), keep('branchId', 'answer.id'), keepVersion],
  },
  {
    title: 'opens it every day, past midnight too',
    operationId: 'setHours',
    actor: 'restaurant',
    ...ofBranch,
    body: { hours: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' })) },
    status: 200,
    after: [keepVersion],
  },
  {
    title: 'says how far and for what it delivers',
    operationId: 'setDelivery',
    actor: 'restaurant',
    ...ofBranch,
    body: {
      deliveryRadiusMeters: 2500,
      feeBands: [
        { upToMeters: 1500, feeMinor: 1900 },
        { upToMeters: 4000, feeMinor: 3900 },
        { upToMeters: 4000, fromSubtotalMinor: 50_000, feeMinor: 1900 },
      ],
      minimumOrderMinor: 9900,
      freeDeliveryOverMinor: 99_900,
      areas: [],
    },
    status: 200,
    after: [keepVersion],
  },
  {
    title: 'writes a section of the menu',
    operationId: 'createCategory',
    actor: 'restaurant',
    ...ofBranch,
    body: { name: 'Kettles' },
    status: 201,
    after: [keep('categoryId', 'answer.id')],
  },
  {
    title: 'and a dish',
    operationId: 'createItem',
    actor: 'restaurant',
    ...ofBranch,
    body: { categoryId: '{{categoryId}}', name: 'Cardamom chai', price: rupees(120), taxCategory: 'food' },
    status: 201,
    after: [keep('dishId', 'answer.id'), keep('dishVersion', 'answer.version')],
  },
  {
    title: 'that comes in two sizes',
    operationId: 'setItemSizes',
    actor: 'restaurant',
    ...ofDish,
    ifMatch: '"{{dishVersion}}"',
    body: {
      sizes: [
        { name: 'Cup', price: rupees(120) },
        { name: 'Pot', price: rupees(320) },
      ],
    },
    status: 200,
  },
];

const deciding: readonly Step[] = [
  {
    title: 'hands it in',
    operationId: 'submitRestaurant',
    actor: 'restaurant',
    ...ofBranch,
    status: 200,
    after: [statusIs('in_review'), keepVersion],
  },
  logsIn('An admin logs in', 'admin'),
  {
    title: 'and lets it go live',
    operationId: 'setRestaurantStatus',
    actor: 'admin',
    ...ofBranch,
    body: { status: 'live' },
    status: 200,
    after: [statusIs('live'), keepVersion],
  },
  {
    title: 'Whoever searches for it, with a slip of the finger, finds it',
    operationId: 'search',
    actor: 'anybody',
    query: { q: 'secnd kettle', lat: String(home.lat), lng: String(home.lng) },
    status: 200,
    until: "JSON.stringify(answer).includes(pm.environment.get('branchId'))",
  },
  {
    title: 'and reads the menu',
    operationId: 'getMenu',
    actor: 'anybody',
    ...ofBranch,
    status: 200,
    after: ['pm.expect(answer.categories[0].items[0].sizes).to.have.lengthOf(2);'],
  },
  {
    title: 'The owner closes it again, so that the city stays as it was',
    operationId: 'closeRestaurant',
    actor: 'restaurant',
    ...ofBranch,
    status: 200,
    after: [statusIs('archived')],
  },
];

export const openingJourney: Journey = {
  name: 'A restaurant opens',
  description: `From a draft to the first search that finds it: an owner fills a new restaurant, an admin lets it go live. Each edit names, in
\`If-Match\`, the version that the answer before it gave.`,
  steps: [...preparing, ...deciding],
};
