import type { Call } from './call.ts';
import { invalidRequest, missingReference } from './errors.ts';
import { createdRange, integer, optional, text } from './params.ts';
import { present } from './present.ts';
import type { Answer, BalanceTransaction, Charge, Dispute, PaymentIntent, Refund, StripeEvent } from './types.ts';

export const pageParams = {
  limit: optional(integer(1, 100)),
  starting_after: optional(text),
  ending_before: optional(text),
  created: optional(createdRange),
};

interface Page {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
  created?: ((created: number) => boolean) | undefined;
  expand: string[];
}

type Listed = PaymentIntent | Charge | Refund | StripeEvent | Dispute | BalanceTransaction;

/** Cursor pages as Stripe has them; `all` is newest first. */
export function answerList(call: Call, url: string, { all, page }: { all: readonly Listed[]; page: Page }): Answer {
  const { data, hasMore } = cut(
    all.filter(({ created }) => page.created?.(created) ?? true),
    page,
  );
  const expand = page.expand.map((path) => {
    if (!path.startsWith('data.'))
      throw invalidRequest(`This property cannot be expanded (${path}).`, { param: 'expand' });
    return path.slice('data.'.length);
  });
  const body = { object: 'list', data: data.map((item) => present(call, item, expand)), has_more: hasMore, url };
  return { status: 200, body };
}

function cut(all: readonly Listed[], page: Page): { data: readonly Listed[]; hasMore: boolean } {
  const limit = page.limit ?? 10;
  if (page.ending_before !== undefined) {
    const end = positionOf(all, page.ending_before, 'ending_before');
    return { data: all.slice(Math.max(0, end - limit), end), hasMore: end > limit };
  }
  const start = page.starting_after === undefined ? 0 : positionOf(all, page.starting_after, 'starting_after') + 1;
  return { data: all.slice(start, start + limit), hasMore: all.length > start + limit };
}

function positionOf(all: readonly Listed[], id: string, param: string): number {
  const position = all.findIndex((item) => item.id === id);
  if (position < 0) throw missingReference('object', id, param);
  return position;
}
