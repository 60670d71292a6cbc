import type { Handler } from './call.ts';
import { listCharges, retrieveCharge } from './charges.ts';
import { listEvents, retrieveEvent } from './events.ts';
import { cancelPaymentIntent, capturePaymentIntent } from './intent-capture.ts';
import { confirmPaymentIntent } from './intent-confirmation.ts';
import {
  createPaymentIntent,
  listPaymentIntents,
  retrievePaymentIntent,
  updatePaymentIntent,
} from './payment-intents.ts';
import { retrievePaymentMethod } from './payment-methods.ts';
import { createRefund, listRefunds, retrieveRefund } from './refunds.ts';

interface Route {
  method: 'GET' | 'POST';
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
