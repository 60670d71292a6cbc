import { describe, expect, it } from 'vitest';
import { renderPaper } from '../../../src/modules/reports/papers/render-paper.ts';
import { statementOf } from '../../../src/modules/reports/papers/statement.ts';
import { buildBilledOrder } from '../../factories/billed-order.ts';
import { buildStatement, soldTo, STATEMENT_AT } from '../../factories/statement.ts';
import { plain, readPdf } from '../../support/read-pdf.ts';

const ORDER = { ...buildBilledOrder('Saffron Bay, tax added'), wasCooked: true };
const SOLD = [soldTo('restaurant', ORDER), ORDER] as const;
const REFUND = {
  kind: 'refund_charge',
  sourceId: 'r',
  party: 'restaurant',
  amountMinor: -1_307,
  createdAt: STATEMENT_AT,
} as const;

async function wordsOf(statement: ReturnType<typeof buildStatement>): Promise<string> {
  return (await readPdf(await renderPaper(statementOf(statement)))).join(' ');
}

describe('the statement of a payout', () => {
  it('of a restaurant: an order’s gross, packaging, tax, commission with its rate, and what came of it later', async () => {
    const words = await wordsOf(buildStatement('restaurant', [SOLD, [REFUND, ORDER]]));
    // 1,248.75 + 2 × 1,258.76; 20 % of it.
    for (const figure of ['3,766.27', '7.33', '20%', '-753.25', '-13.07']) expect(words).toContain(figure);
    for (const said of ['QB-7F3K', 'Biryani Wharf', 'Commission', 'Refund charged', 'Refunds you bear']) {
      expect(words).toContain(said);
    }
    // What is nothing in all rows has no column.
    expect(words).not.toContain('Your discount');
    const net = SOLD[0].amountMinor - 1_307;
    expect(words).toContain(`Total ₹${plain((net / 100).toLocaleString('en-IN', { minimumFractionDigits: 2 }))}`);
  });

  it('of a courier: the way, the tip, the cash taken and handed in', async () => {
    const cash = { ...REFUND, party: 'courier', kind: 'cash_collected', amountMinor: -2_500 } as const;
    const deposit = { ...cash, kind: 'cash_deposit', amountMinor: 2_000 } as const;
    const order = { ...ORDER, courierFeeMinor: 6_528 };
    const words = await wordsOf(
      buildStatement('courier', [
        [soldTo('courier', order), order],
        [cash, order],
        [deposit, null],
      ]),
    );
    for (const said of [
      'Delivery',
      'Tip',
      'Cash taken',
      'Cash handed in',
      '45.19',
      '20.09',
      '-25.00',
      '20.00',
      '60.28',
    ]) {
      expect(words).toContain(said);
    }
  });

  it('names the restaurant as it is registered, and the payment once it is paid', async () => {
    const { taxRegistration = null } = ORDER.restaurant;
    const created = buildStatement('restaurant', [SOLD], { sellers: [{ name: 'Biryani Wharf', taxRegistration }] });
    const payout = {
      ...created.payout,
      status: 'paid',
      reference: 'NEFT 2611210042',
      settledAt: STATEMENT_AT,
    } as const;
    expect(await wordsOf(created)).not.toContain('Bank reference');
    const words = await wordsOf({ ...created, payout });
    for (const said of ['Wharf Foods LLP', 'GSTIN 30ZZZFZ0123Z1Z0', 'Bank reference NEFT 2611210042', 'Paid on']) {
      expect(words).toContain(said);
    }
  });

  it('says where a restaurant has not registered', async () => {
    const sellers = [{ name: 'Umi', taxRegistration: null }];
    expect(await wordsOf(buildStatement('restaurant', [SOLD], { sellers }))).toContain('Umi · no tax registration');
  });

  it('in French, of prices that contain the tax: says what of it is in them', async () => {
    const order = { ...buildBilledOrder('Port Clement'), wasCooked: true };
    const statement = buildStatement('restaurant', [[soldTo('restaurant', order), order]], {
      timeZone: 'Europe/Paris',
    });
    const words = await wordsOf(statement);
    for (const said of ['Dont TVA', 'Pour vous', 'Commission', '3 766,27']) expect(words).toContain(said);
  });

  it('of many orders: goes on under its head, and its sums are at the end', async () => {
    const pages = await readPdf(
      await renderPaper(
        statementOf(
          buildStatement(
            'restaurant',
            Array.from({ length: 60 }, () => SOLD),
          ),
        ),
      ),
    );
    expect(pages.length).toBeGreaterThan(2);
    for (const page of pages.slice(0, -1)) expect(page).toContain('Commission');
    expect(pages.at(-1)).toContain(plain((60 * 3766.27).toLocaleString('en-IN', { minimumFractionDigits: 2 })));
  });
});
