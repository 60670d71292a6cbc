import { home, keep, logsIn, ofOrder, ofRestaurant, statusIs, type ApiStep, type Step } from './journey-step.ts';

export const cooking: readonly Step[] = [
  logsIn('The restaurant logs in', 'restaurant'),
  {
    title: 'sees the order on its board',
    operationId: 'listRestaurantOrders',
    actor: 'restaurant',
    ...ofRestaurant,
    query: { status: 'placed' },
    status: 200,
    after: ["pm.expect(answer.data.map(({ id }) => id)).to.include(pm.environment.get('orderId'));"],
  },
  {
    title: 'and accepts: the money is captured and a courier looked for',
    operationId: 'acceptOrder',
    actor: 'restaurant',
    ...ofOrder,
    body: { prepMinutes: 5 },
    status: 200,
    after: [statusIs('accepted')],
  },
  logsIn('The courier logs in', 'courier'),
  {
    title: 'goes online',
    operationId: 'setAvailability',
    actor: 'courier',
    body: { isOnline: true, location: home },
    status: 200,
  },
  {
    title: 'is offered the delivery',
    operationId: 'listOffers',
    actor: 'courier',
    status: 200,
    until: "answer.data.some(({ orderId }) => orderId === pm.environment.get('orderId'))",
    after: [
      "const offer = answer.data.find(({ orderId }) => orderId === pm.environment.get('orderId'));",
      keep('offerId', 'offer.id'),
      keep('deliveryId', 'offer.deliveryId'),
    ],
  },
  {
    title: 'and accepts',
    operationId: 'acceptOffer',
    actor: 'courier',
    path: { offerId: '{{offerId}}' },
    status: 200,
    after: [statusIs('assigned')],
  },
  {
    title: 'The kitchen begins',
    operationId: 'markOrderPreparing',
    actor: 'restaurant',
    ...ofOrder,
    status: 200,
    after: [statusIs('preparing')],
  },
  {
    title: 'and is ready',
    operationId: 'markOrderReady',
    actor: 'restaurant',
    ...ofOrder,
    status: 200,
    after: [statusIs('ready')],
  },
];

export const delivering: readonly Step[] = [
  courierReports('en_route_pickup', 'The courier sets out', 'en_route_to_pickup'),
  courierReports('arrived_pickup', 'and is at the restaurant', 'at_pickup'),
  {
    title: 'shows the handover code',
    operationId: 'getCurrentDelivery',
    actor: 'courier',
    status: 200,
    after: [keep('handoverCode', 'answer.handoverCode')],
  },
  {
    title: 'and gets the food for it',
    operationId: 'handOverOrder',
    actor: 'restaurant',
    ...ofOrder,
    body: { code: '{{handoverCode}}' },
    status: 200,
    after: [statusIs('picked_up')],
  },
  {
    title: 'The courier is on the way',
    operationId: 'recordLocations',
    actor: 'courier',
    before: [keep('fixedAt', 'new Date().toISOString()')],
    body: { fixes: [{ ...home, at: '{{fixedAt}}' }] },
    status: 202,
  },
  {
    title: 'and the customer sees it, and the PIN to show',
    operationId: 'getTracking',
    actor: 'customer',
    ...ofOrder,
    status: 200,
    after: ['pm.expect(answer.courier.location).not.to.equal(null);', keep('deliveryPin', 'answer.deliveryPin')],
  },
  courierReports('arrived_dropoff', 'The courier is at the door', 'at_dropoff'),
  {
    ...courierReports('delivered', 'and delivers for the PIN', 'delivered'),
    body: { type: 'delivered', pin: '{{deliveryPin}}' },
  },
  {
    title: 'The order is delivered',
    operationId: 'getOrder',
    actor: 'customer',
    ...ofOrder,
    status: 200,
    after: [statusIs('delivered')],
  },
  {
    title: 'and its log tells it all, without a gap',
    operationId: 'listOrderEvents',
    actor: 'customer',
    ...ofOrder,
    query: { after: '0' },
    status: 200,
    after: [
      'pm.expect(answer.data.map(({ seq }) => seq)).to.eql(answer.data.map((_, index) => index + 1));',
      "pm.expect(answer.data.map(({ type }) => type)).to.include.members(['order.placed', 'order.delivered']);",
    ],
  },
];

function courierReports(type: string, title: string, status: string): ApiStep {
  return {
    title,
    operationId: 'recordDeliveryEvent',
    actor: 'courier',
    path: { deliveryId: '{{deliveryId}}' },
    body: { type },
    status: 200,
    after: [statusIs(status)],
  };
}
