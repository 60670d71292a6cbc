import { format, resolveConfig } from 'prettier';
import { DELIVERY_TRANSITIONS } from '../../src/modules/deliveries/delivery.machine.ts';
import { OFFER_STATUSES } from '../../src/modules/deliveries/offer.model.ts';
import {
  AMENDMENT_ANSWERS,
  AMENDMENT_STATUSES,
  outcomeOf,
} from '../../src/modules/orders/amendments/amendment.machine.ts';
import { ORDER_TRANSITIONS, TERMINAL_STATUSES } from '../../src/modules/orders/order.machine.ts';
import { REPLACEMENTS } from '../../src/modules/orders/order-choices.ts';
import { canMovePayment, PAYMENT_STATUSES } from '../../src/modules/payments/payment.machine.ts';
import { REFUND_STATUSES } from '../../src/modules/payments/refunds/refund.model.ts';
import { CHANGES } from '../../src/modules/restaurants/restaurant.machine.ts';

export const STATE_MACHINES_FILE = new URL('../../docs/state-machines.md', import.meta.url);

/** One arrow. No `from`: it begins so. */
interface Arrow {
  from: string | null;
  to: string;
  label: string;
}

interface Move {
  from: readonly string[];
  to: string;
}

/** The whole text of docs/state-machines.md. */
export async function renderStateMachines(): Promise<string> {
  const text = [introduction(), order(), payment(), refund(), delivery(), offer(), amendment(), restaurant()].join(
    '\n\n',
  );
  const config = await resolveConfig(STATE_MACHINES_FILE);
  return format(text, { ...config, parser: 'markdown' });
}

function introduction(): string {
  return `# State machines

Written by \`npm run generate\` from the tables of the code; a test compares. A status changes by these arrows and by nothing else: each
is one conditional update, its event in the log of the order, and what follows from it, in one transaction. Who repeats an arrow that is
taken already gets the same answer; who takes one that is not there gets 409 \`invalid_transition\` with the status of the moment.`;
}

function order(): string {
  const arrows = Object.entries(ORDER_TRANSITIONS).flatMap(([name, { actors, ...move }]) => {
    return arrowsOf(move, `${name} ${actors.join(', ')}`);
  });
  return section('Order', {
    source: 'src/modules/orders/order.machine.ts',
    text: `Numbers as in the code. It is over when it is ${list(TERMINAL_STATUSES)}.`,
    arrows,
  });
}

function payment(): string {
  const arrows = PAYMENT_STATUSES.flatMap((from) =>
    PAYMENT_STATUSES.filter((to) => canMovePayment(from, to)).map((to) => ({ from, to, label: '' })),
  );
  const text = `A card begins \`requires_payment\`, cash \`cod_due\`, and where there is nothing to pay it is \`settled\` at once.`;
  return section('Payment', { source: 'src/modules/payments/payment.machine.ts', text, arrows });
}

function refund(): string {
  const next: Record<(typeof REFUND_STATUSES)[number], readonly string[]> = {
    requested: ['approved'],
    approved: ['processing'],
    processing: ['succeeded', 'failed'],
    // A bank may send it back days later.
    succeeded: ['failed'],
    failed: ['approved'],
  };
  const arrows = REFUND_STATUSES.flatMap((from) => next[from].map((to) => ({ from, to, label: '' })));
  const text =
    'A row of its own, many per payment. It is written `approved`; support puts a failed one back there with a retry.';
  return section('Refund', { source: 'src/modules/payments/refunds/refund.model.ts', text, arrows });
}

function delivery(): string {
  const arrows = Object.entries(DELIVERY_TRANSITIONS).flatMap(([name, { actors, ...move }]) => {
    return arrowsOf(move, `${name}: ${actors.join(', ')}`);
  });
  const text = 'Runs beside the order, from its acceptance on.';
  return section('Delivery', { source: 'src/modules/deliveries/delivery.machine.ts', text, arrows });
}

function offer(): string {
  const [first, ...ends] = OFFER_STATUSES;
  const arrows = [
    { from: null, to: first, label: 'a round asks' },
    ...ends.map((to) => ({ from: first, to, label: '' })),
  ];
  const text = 'One courier, asked once. Of all who say yes at once, one wins.';
  return section('Offer', { source: 'src/modules/deliveries/offer.model.ts', text, arrows });
}

function amendment(): string {
  const [first, ...ends] = AMENDMENT_STATUSES;
  const arrows = [
    { from: null, to: first, label: 'the kitchen' },
    ...ends.map((to) => ({ from: first, to, label: to === 'void' ? 'the order has ended' : '' })),
  ];
  const answers = AMENDMENT_ANSWERS.filter((answer) => answer !== 'timed_out');
  const rows = [
    ...answers.map((answer) => `| ${answer} | ${outcomeOf(answer, 'refund_item')} |`),
    ...REPLACEMENTS.map((wish) => `| no answer, stored preference \`${wish}\` | ${outcomeOf('timed_out', wish)} |`),
  ];
  const text = ['| The customer | becomes |', '|---|---|', ...rows].join('\n');
  return section('Amendment', { source: 'src/modules/orders/amendments/amendment.machine.ts', text, arrows });
}

function restaurant(): string {
  const arrows = Object.entries(CHANGES).flatMap(([name, { by, ...move }]) => arrowsOf(move, `${name}: ${by}`));
  const text = 'Whether guests find it and may order there. The office is our own people.';
  return section('Restaurant', { source: 'src/modules/restaurants/restaurant.machine.ts', text, arrows });
}

function arrowsOf({ from, to }: Move, label: string): Arrow[] {
  return from.length === 0 ? [{ from: null, to, label }] : from.map((source) => ({ from: source, to, label }));
}

interface Section {
  source: string;
  text: string;
  arrows: readonly Arrow[];
}

function section(title: string, { source, text, arrows }: Section): string {
  const lines = merged(arrows).map(({ from, to, label }) => {
    return `  ${from ?? '[*]'} --> ${to}${label === '' ? '' : ` : ${label}`}`;
  });
  const diagram = ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
  return `## ${title}\n\nFrom \`${source}\`.\n\n${text}\n\n${diagram}`;
}

/** Several ways between the same two states are one arrow with all their names. */
function merged(arrows: readonly Arrow[]): Arrow[] {
  const byEnds = Map.groupBy(arrows, ({ from, to }) => `${from ?? ''}>${to}`);
  return [...byEnds.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [{ ...first, label: [first, ...others].map(({ label }) => label.replace(':', ' by')).join('; ') }];
  });
}

function list(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words.map((word) => `\`${word}\``));
}
