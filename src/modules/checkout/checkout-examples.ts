/** One order through quote and placement, for the API document and the Postman collection. */
const inr = (amount: number) => ({ amount, currency: 'INR' });

const address = {
  label: 'Home',
  line1: '12 Lighthouse Road',
  city: 'Saffron Bay',
  location: { lat: 12.9352, lng: 74.8211 },
};

const total = inr(61290);

const items = [
  {
    lineId: '65f0c0ffee00000000000c01',
    itemId: '65f0c0ffee00000000000b01',
    name: 'Vegetable biryani',
    quantity: 2,
    size: null,
    options: [{ optionId: '65f0c0ffee00000000000c01', name: 'Large', price: inr(6000) }],
    unitPrice: inr(30900),
    lineTotal: inr(61800),
    note: null,
    discount: inr(10000),
    tax: inr(2590),
  },
];

const pricing = {
  ...{
    items: inr(61800),
    deliveryFee: inr(2500),
    serviceFee: inr(900),
    packagingFee: inr(1500),
    smallOrderFee: inr(0),
  },
  ...{ tip: inr(2000), tax: inr(2590) },
  discount: { code: 'WELCOME20', items: inr(10000), delivery: inr(0) },
  taxes: [{ category: 'food', basisPoints: 500, taxable: inr(51800), tax: inr(2590) }],
  pricesIncludeTax: false,
  total,
};

export const quoteExample = {
  id: '65f0c0ffee00000000000f01',
  signature: '3f9c1b7de0a24c6586f1d2b3a4958677c0ffee00112233445566778899aabbcc',
  createdAt: '2026-11-20T12:28:00.000Z',
  expiresAt: '2026-11-20T12:38:00.000Z',
  orderId: null,
  restaurant: { id: '65f0c0ffee00000000000a01', name: 'Biryani Wharf', timeZone: 'Asia/Kolkata' },
  mode: 'delivery' as const,
  address,
  slot: null,
  releaseAt: null,
  items,
  pricing,
  eta: { from: '2026-11-20T12:59:00.000Z', to: '2026-11-20T13:07:00.000Z' },
  distanceMeters: 2140,
  replacement: 'refund_item' as const,
};

export const orderExample = {
  id: '65f0c0ffee00000000000001',
  number: '000001',
  status: 'pending_payment' as const,
  displayStatus: 'pending_payment',
  version: 1,
  lastSeq: 1,
  customerId: '65f0c0ffee00000000000011',
  restaurantId: '65f0c0ffee00000000000a01',
  courierId: null,
  restaurant: {
    name: 'Biryani Wharf',
    addressLine: '3 Wharf Lane, Saffron Bay',
    phone: '+91 0000 000001',
    location: { lat: 12.9405, lng: 74.8162 },
    timeZone: 'Asia/Kolkata',
  },
  items,
  pricing,
  payment: {
    id: '65f0c0ffee00000000000021',
    status: 'requires_payment',
    amount: total,
    clientSecret: 'pi_example_secret_example',
    publishableKey: 'pk_test_example',
  },
  amountDue: total,
  amountRefunded: inr(0),
  tipped: inr(0),
  liableParty: null,
  payAgainUntil: null,
  amendments: 0,
  openAmendmentId: null,
  deliveryStatus: null,
  mode: 'delivery' as const,
  slot: null,
  releaseAt: null,
  collectionCode: null,
  collectUntil: null,
  paymentMethod: 'card' as const,
  replacement: 'refund_item' as const,
  deliveryAddress: address,
  distanceMeters: 2140,
  notes: 'Please ring twice',
  reason: null,
  prepMinutes: 20,
  readyEta: null,
  eta: '2026-11-20T13:07:00.000Z',
  promisedAt: '2026-11-20T13:07:00.000Z',
  createdAt: '2026-11-20T12:30:00.000Z',
  placedAt: null,
  endedAt: null,
};
