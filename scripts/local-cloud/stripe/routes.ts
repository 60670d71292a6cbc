import { listBalanceTransactions, retrieveBalanceTransaction } from './balance-transactions.ts';
import type { Handler } from './call.ts';
import { listCharges, retrieveCharge } from './charges.ts';
import { createCustomer, deleteCustomer, listCards, retrieveCustomer } from './customers.ts';
import { listDisputes, retrieveDispute } from './disputes.ts';
import { listEvents, retrieveEvent } from './events.ts';
import { cancelPaymentIntent, capturePaymentIntent } from './intent-capture.ts';
import { confirmPaymentIntent } from './intent-confirmation.ts';
import {
  createPaymentIntent,
  listPaymentIntents,
  retrievePaymentIntent,
  updatePaymentIntent,
} from './payment-intents.ts';
import { attachToCustomer, detachFromCustomer, retrievePaymentMethod } from './payment-methods.ts';
import { createPayout, retrievePayout } from './payouts.ts';
import { createRefund, listRefunds, retrieveRefund } from './refunds.ts';
import { confirmSetupIntent, createSetupIntent, retrieveSetupIntent } from './setup-intents.ts';

interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** `:id` stands for one segment. */
  path: string;
  handler: Handler;
  /** May be called by a browser with the publishable key and the client secret. */
  isPublic?: true;
}

const routes: readonly Route[] = [
  { method: 'POST', path: '/v1/payment_intents', handler: createPaymentIntent },
  { method: 'GET', path: '/v1/payment_intents', handler: listPaymentIntents },
  { method: 'GET', path: '/v1/payment_intents/:id', handler: retrievePaymentIntent, isPublic: true },
  { method: 'POST', path: '/v1/payment_intents/:id', handler: updatePaymentIntent },
  { method: 'POST', path: '/v1/payment_intents/:id/confirm', handler: confirmPaymentIntent, isPublic: true },
  { method: 'POST', path: '/v1/payment_intents/:id/capture', handler: capturePaymentIntent },
  { method: 'POST', path: '/v1/payment_intents/:id/cancel', handler: cancelPaymentIntent },
  { method: 'GET', path: '/v1/payment_methods/:id', handler: retrievePaymentMethod },
  { method: 'POST', path: '/v1/payment_methods/:id/attach', handler: attachToCustomer },
  { method: 'POST', path: '/v1/payment_methods/:id/detach', handler: detachFromCustomer },
  { method: 'POST', path: '/v1/customers', handler: createCustomer },
  { method: 'GET', path: '/v1/customers/:id', handler: retrieveCustomer },
  { method: 'DELETE', path: '/v1/customers/:id', handler: deleteCustomer },
  { method: 'GET', path: '/v1/customers/:id/payment_methods', handler: listCards },
  { method: 'POST', path: '/v1/setup_intents', handler: createSetupIntent },
  { method: 'GET', path: '/v1/setup_intents/:id', handler: retrieveSetupIntent, isPublic: true },
  { method: 'POST', path: '/v1/setup_intents/:id/confirm', handler: confirmSetupIntent, isPublic: true },
  { method: 'GET', path: '/v1/disputes', handler: listDisputes },
  { method: 'GET', path: '/v1/disputes/:id', handler: retrieveDispute },
  { method: 'GET', path: '/v1/balance_transactions', handler: listBalanceTransactions },
  { method: 'GET', path: '/v1/balance_transactions/:id', handler: retrieveBalanceTransaction },
  { method: 'POST', path: '/v1/payouts', handler: createPayout },
  { method: 'GET', path: '/v1/payouts/:id', handler: retrievePayout },
  { method: 'GET', path: '/v1/charges', handler: listCharges },
  { method: 'GET', path: '/v1/charges/:id', handler: retrieveCharge },
  { method: 'POST', path: '/v1/refunds', handler: createRefund },
  { method: 'GET', path: '/v1/refunds', handler: listRefunds },
  { method: 'GET', path: '/v1/refunds/:id', handler: retrieveRefund },
  { method: 'GET', path: '/v1/events', handler: listEvents },
  { method: 'GET', path: '/v1/events/:id', handler: retrieveEvent },
];

export interface Match {
  route: Route;
  pathId: string;
}

export function matchRoute(method: string, path: string): Match | null {
  const segments = path.split('/');
  for (const route of routes) {
    const wanted = route.path.split('/');
    const fits = wanted.length === segments.length && wanted.every((part, i) => part === ':id' || part === segments[i]);
    if (fits && route.method === method) {
      return { route, pathId: segments[wanted.indexOf(':id')] ?? '' };
    }
  }
  return null;
}
