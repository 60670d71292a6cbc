import '../setup/without-rate-limits.ts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runPayouts } from '../../src/modules/ledger/payouts/run-payouts.service.ts';
import { makeStatement } from '../../src/modules/ledger/payouts/statements.service.ts';
import type { OrderRecord } from '../../src/modules/orders/index.ts';
import { finishDeletion } from '../../src/modules/privacy/delete-account.service.ts';
import { findReceiptToMail } from '../../src/modules/reports/mailed-receipt.service.ts';
import { makeOrderDocuments } from '../../src/modules/reports/order-documents.service.ts';
import { makePayoutDocument } from '../../src/modules/reports/payout-documents.service.ts';
import { dateFrom, setClock } from '../../src/shared/clock.ts';
import { createEarning } from '../factories/ledger.ts';
import { createCapturedOrder } from '../factories/refund.ts';
import { PASSWORD } from '../factories/user.ts';
import { emptyCollections } from '../setup/empty-collections.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { attack } from '../support/attack.ts';
import { logInAs, type Login } from '../support/log-in.ts';
import { readPdf } from '../support/read-pdf.ts';

let app: TestApp;
let customer: Login;
let courier: Login;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  customer = await logInAs({ name: 'Zqxjkv Name' });
  courier = await logInAs({ name: 'Wvykzt Name', roles: ['courier'] });
});
afterEach(async () => {
  setClock(null);
  await emptyCollections();
});
afterAll(() => app.stop());

const KINDS = ['receipt', 'invoice', 'mailed receipt', 'statement', 'statement as CSV'] as const;
type Kind = (typeof KINDS)[number];

const ADDRESS = {
  ...{ label: 'Zqxjkv home', line1: 'Zqxjkv road', line2: 'Zqxjkv floor', city: 'Zqxjkv town', postcode: 'ZQXJKV' },
  ...{ location: { lat: 12.9, lng: 77.6 }, instructions: 'Zqxjkv bell' },
};

interface Made {
  /** What its owner asks for a link; null: it was mailed. */
  question: string | null;
  link: string;
}

/** Of an order of the customer, or a payout of the courier. */
async function makePaper(kind: Kind): Promise<Made> {
  if (kind === 'statement' || kind === 'statement as CSV') return makePayoutPaper(kind);
  const order = await createCapturedOrder({
    ...{ customerId: customer.userId, deliveryAddress: ADDRESS, notes: 'Zqxjkv notes' },
  });
  await makeOrderDocuments(order._id);
  if (kind === 'mailed receipt') return { question: null, link: pathOf(mailedLink(order)) };
  const question = `/api/v1/orders/${order._id}/${kind}`;
  return { question, link: await askForLink(question, customer) };
}

async function makePayoutPaper(kind: Kind): Promise<Made> {
  await createEarning({ courier: courier.userId, amountMinor: 700 });
  const [payoutId = ''] = await runPayouts();
  await makePayoutDocument(payoutId);
  await makeStatement(payoutId);
  const question = `/api/v1/payouts/${payoutId}${kind === 'statement' ? '/document' : ''}`;
  return { question, link: await askForLink(question, courier) };
}

function mailedLink(order: OrderRecord): string {
  return findReceiptToMail(order)?.url ?? '';
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

async function askForLink(question: string, { headers }: Login): Promise<string> {
  const res = await app.request.get(question).set(headers).expect(200);
  const { url, statement } = res.body as { url?: string; statement?: { url: string } };
  return pathOf(url ?? statement?.url ?? '');
}

async function open(link: string): Promise<{ status: number; content: Buffer; text: string }> {
  const res = await app.request
    .get(link)
    .buffer()
    .parse((from, done) => {
      const chunks: Buffer[] = [];
      from.on('data', (chunk: Buffer) => chunks.push(chunk));
      from.on('end', () => {
        done(null, Buffer.concat(chunks));
      });
    });
  const content = res.body as Buffer;
  return { status: res.status, content, text: content.toString() };
}

async function wordsOf(link: string): Promise<string> {
  const { status, content, text } = await open(link);
  expect(status).toBe(200);
  return text.startsWith('%PDF-') ? (await readPdf(content)).join(' ') : text;
}

/** The same link with another document's id, time, signature, or none of them. */
function forgeries(link: string, other: string): string[] {
  const [ours, theirs] = [new URL(link, app.url), new URL(other, app.url)];
  const changed = (change: (url: URL) => void) => {
    const url = new URL(ours);
    change(url);
    return url.pathname + url.search;
  };
  const { searchParams } = ours;
  const [expires, signature] = [Number(searchParams.get('expires')), searchParams.get('signature') ?? ''];
  return [
    changed((url) => (url.pathname = theirs.pathname)),
    changed((url) => {
      url.searchParams.set('signature', theirs.searchParams.get('signature') ?? '');
    }),
    changed((url) => {
      url.searchParams.set('expires', String(expires + 1));
    }),
    ...[signature.replace(/^./, (first) => (first === '0' ? '1' : '0')), '0'.repeat(64), '', signature.slice(1)].map(
      (forged) =>
        changed((url) => {
          url.searchParams.set('signature', forged);
        }),
    ),
    changed((url) => {
      url.searchParams.delete('signature');
    }),
    ours.pathname,
  ];
}

describe('case 17: the link of a document that is made', () => {
  it.each(KINDS)('%s: is given to nobody else, and opens what names no customer', async (kind) => {
    const { question, link } = await makePaper(kind);
    const strangers = await Promise.all([
      logInAs(),
      logInAs({ roles: ['customer', 'restaurant'] }),
      logInAs({ roles: ['courier'] }),
    ]);
    for (const { headers } of question === null ? [] : strangers) {
      const { status, text } = await app.request.get(question ?? '').set(headers);
      expect(status).toBeOneOf([403, 404]);
      expect(text).not.toMatch(/signature|expires/);
    }
    expect(await wordsOf(link)).not.toMatch(/zqxjkv/i);
  });

  it.each(KINDS)('%s: forged in any part, or with the parts of another, is refused', async (kind) => {
    const [{ link }, { link: other }] = [await makePaper(kind), await makePaper(kind)];
    const answers = await attack(app, () => Promise.all(forgeries(link, other).map((path) => open(path))));
    expect(answers.map(({ status }) => status).filter((status) => status !== 404 && status !== 400)).toEqual([]);
    await wordsOf(link);
  });

  it.each(KINDS)('%s: opens to the second that it says, and not after', async (kind) => {
    const { link } = await makePaper(kind);
    const seconds = Number(new URL(link, app.url).searchParams.get('expires'));
    setClock({ frozenAt: dateFrom(seconds * 1000 - 1) });
    await wordsOf(link);
    setClock({ frozenAt: dateFrom(seconds * 1000) });
    const { status, text } = await open(link);
    expect(status).toBeOneOf([404, 400, 410]);
    expect(text).toContain('"error"');
  });

  it.each(['receipt', 'invoice', 'mailed receipt'] as const)(
    '%s: after the account is deleted shows what was sold, to nobody’s name, and no other is given',
    async (kind) => {
      const { question, link } = await makePaper(kind);
      await deleteAccountOf(customer);
      expect(await wordsOf(link)).not.toMatch(/zqxjkv/i);
      if (question !== null) await app.request.get(question).set(customer.headers).expect(401);
    },
  );

  it('statement: after the account is deleted opens no more, and is made anew without the name', async () => {
    const { question, link } = await makePaper('statement');
    expect(await wordsOf(link)).toContain('Wvykzt Name');
    await deleteAccountOf(courier);
    expect((await open(link)).status).toBe(404);
    await app.request
      .get(question ?? '')
      .set(courier.headers)
      .expect(401);
    const admin = await logInAs({ roles: ['admin'] });
    await app.request
      .get(question ?? '')
      .set(admin.headers)
      .expect(202);
    await makePayoutDocument(/payouts\/(\w+)/.exec(question ?? '')?.[1] ?? '');
    expect(await wordsOf(await askForLink(question ?? '', admin))).not.toContain('Wvykzt');
    expect((await open(link)).status).toBe(404);
  });
});

/** With the work that follows. */
async function deleteAccountOf({ headers, userId }: Login): Promise<void> {
  await app.request
    .delete('/api/v1/me')
    .set(headers)
    .send({ password: PASSWORD, confirm: 'delete my account' })
    .expect(204);
  await finishDeletion(userId);
}
