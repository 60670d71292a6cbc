import { presentPaymentMethod, type Call, type Handler } from './call.ts';
import { missing, missingReference } from './errors.ts';
import { stripeId } from './ids.ts';
import { pageParams } from './lists.ts';
import { mergeMetadata, metadata, optional, readParams, text } from './params.ts';
import { answerWith } from './present.ts';
import type { Customer } from './types.ts';
import { realNowSeconds } from '../clock.ts';

export const createCustomer: Handler = (call) => {
  const params = readParams(call.form, {
    description: optional(text),
    email: optional(text),
    metadata: optional(metadata),
    name: optional(text),
  });
  const customer: Customer = {
    id: stripeId('cus'),
    object: 'customer',
    created: realNowSeconds(),
    description: params.description ?? null,
    email: params.email ?? null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata ?? {}),
    name: params.name ?? null,
  };
  call.book.put('customer', customer);
  return answerWith(call, customer, params.expand);
};

export const retrieveCustomer: Handler = (call) => {
  const params = readParams(call.form, {});
  return answerWith(call, getCustomer(call, call.pathId), params.expand);
};

/** Its cards go with it. */
export const deleteCustomer: Handler = (call) => {
  readParams(call.form, {});
  const { id } = getCustomer(call, call.pathId);
  for (const method of call.book.list('payment_method').filter(({ customer }) => customer === id)) {
    call.book.put('payment_method', { ...method, customer: null });
  }
  call.book.put('customer', { ...getCustomer(call, id), deleted: true });
  return { status: 200, body: { id, object: 'customer', deleted: true } };
};

export const listCards: Handler = (call) => {
  readParams(call.form, { ...pageParams, type: optional(text) });
  const { id } = getCustomer(call, call.pathId);
  const cards = call.book.list('payment_method').filter(({ customer }) => customer === id);
  const url = `/v1/customers/${id}/payment_methods`;
  return { status: 200, body: { object: 'list', data: cards.map(presentPaymentMethod), has_more: false, url } };
};

function getCustomer(call: Call, id: string): Customer {
  const customer = call.book.find('customer', id);
  if (customer === null || customer.deleted === true) throw missing('customer', id);
  return customer;
}

export function assertCustomer(call: Call, id: string): void {
  const customer = call.book.find('customer', id);
  if (customer === null || customer.deleted === true) throw missingReference('customer', id, 'customer');
}
