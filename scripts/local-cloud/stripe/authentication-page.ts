import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from './api.ts';
import { settle } from './control.ts';
import { formatAmount } from './currencies.ts';
import { authenticateIntent } from './intent-settlement.ts';
import type { PaymentIntent } from './types.ts';
import { escapeHtml, readBody, sendHtml } from '../http.ts';

const PAGE_POLICY = "default-src 'none'; form-action *; style-src 'unsafe-inline'";

/** The bank's question to the card holder (3-D Secure), where `next_action` leads. */
export async function answerAuthentication(api: Api, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', api.baseUrl);
  const intent = api.book.find('payment_intent', url.pathname.split('/')[2] ?? '');
  if (intent?.client_secret !== url.searchParams.get('client_secret')) {
    sendHtml(res, page('<p>There is no such payment.</p>'), { status: 404, policy: PAGE_POLICY });
    return;
  }
  if (intent.status !== 'requires_action') {
    const note = `<p>This payment is ${escapeHtml(intent.status)} already.</p>`;
    sendHtml(res, page(note), { status: 409, policy: PAGE_POLICY });
    return;
  }
  if (req.method === 'POST') decide(api, intent, { res, form: new URLSearchParams(await readBody(req)) });
  else sendHtml(res, page(question(intent, url)), { policy: PAGE_POLICY });
}

function decide(api: Api, intent: PaymentIntent, { res, form }: { res: ServerResponse; form: URLSearchParams }): void {
  const outcome = form.get('outcome') === 'approve' ? 'approve' : 'fail';
  const returnUrl = intent.next_action?.redirect_to_url?.return_url;
  settle(api, intent.id, (call) => authenticateIntent(call, outcome));
  if (returnUrl === undefined) {
    const note = `<p>${outcome === 'approve' ? 'Approved' : 'Refused'}. You can close this page.</p>`;
    sendHtml(res, page(note), { policy: PAGE_POLICY });
    return;
  }
  const target = new URL(returnUrl);
  target.searchParams.set('payment_intent', intent.id);
  target.searchParams.set('payment_intent_client_secret', intent.client_secret);
  target.searchParams.set('redirect_status', outcome === 'approve' ? 'succeeded' : 'failed');
  res.writeHead(303, { Location: target.href }).end();
}

function question(intent: PaymentIntent, url: URL): string {
  return `<p>A payment of <b>${escapeHtml(formatAmount(intent.amount, intent.currency))}</b> asks for your consent.</p>
    <form method="post" action="${escapeHtml(url.pathname + url.search)}">
      <button name="outcome" value="approve">Approve</button>
      <button name="outcome" value="fail">Refuse</button>
    </form>`;
}

function page(content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Your bank (local)</title>
    <style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}</style></head>
    <body><h1>Your bank (local)</h1>${content}</body></html>`;
}
