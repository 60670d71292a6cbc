import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { getQuoteRoute } from '../../../src/modules/checkout/checkout.schema.ts';
import { newId } from '../../../src/shared/ids.ts';
import { createQuote } from '../../factories/quote.ts';
import { emptyCollections } from '../../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { expectContract } from '../../support/expect-contract.ts';
import { logInAs } from '../../support/log-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterEach(emptyCollections);
afterAll(() => app.stop());

describe('GET /quotes/:quoteId', () => {
  it('shows the own quote as it was given', async () => {
    const { headers, userId } = await logInAs();
    const quote = await createQuote({ customerId: userId });
    const res = await app.request.get(`/api/v1/quotes/${quote._id}`).set(headers).expect(200);
    expectContract(getQuoteRoute, res);
    expect(res.body).toMatchObject({
      id: quote._id,
      signature: quote.signature,
      expiresAt: quote.expiresAt.toISOString(),
      pricing: { total: { amount: 76_340, currency: 'INR' } },
    });
    expect(JSON.stringify(res.body)).not.toContain('customerId');
  });

  it('answers for a foreign quote exactly as for one that does not exist', async () => {
    const { headers } = await logInAs();
    const quote = await createQuote();
    const foreign = await app.request.get(`/api/v1/quotes/${quote._id}`).set(headers).expect(404);
    const absent = await app.request.get(`/api/v1/quotes/${newId()}`).set(headers).expect(404);
    const withoutId = (body: unknown) => ({ ...(body as { error: object }).error, requestId: null });
    expect(withoutId(foreign.body)).toEqual(withoutId(absent.body));
  });

  it('refuses a malformed id and a stranger without a token', async () => {
    const { headers } = await logInAs();
    await app.request.get('/api/v1/quotes/1').set(headers).expect(400);
    await app.request.get(`/api/v1/quotes/${newId()}`).expect(401);
  });
});
