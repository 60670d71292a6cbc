import type { Book } from './book.ts';
import { createDeliveries, type Deliveries, type Delivery } from './deliveries.ts';
import type { Faults } from './faults.ts';
import { signatureHeader } from './signature.ts';
import { delay, realNowMs, realNowSeconds } from '../clock.ts';

const ATTEMPT_TIMEOUT_MS = 10_000;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 10_000;
/** Stripe tries for three days. */
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1000;
/** More than a real receiver would see at once from one sender, and few enough to spare the machine. */
const MAX_IN_FLIGHT = 32;

export type ReleaseOrder = 'created' | 'reverse';

export interface Webhooks {
  readonly deliveries: Deliveries;
  /** Inside the transaction that wrote the event. */
  schedule(eventId: string, type: string): void;
  /** After it. */
  wake(): void;
  setUrl(url: string | null): void;
  /** Sends what is held, one after the other in this order, and returns when each was tried once. */
  release(order: ReleaseOrder): Promise<number>;
  /** Sends an event again, `times` at once, and tells the outcomes. */
  resend(eventId: string, times: number): Promise<string[]>;
  /** True when nothing is left to deliver but what is held. */
  drain(timeoutMs: number): Promise<boolean>;
  stop(): Promise<void>;
}

interface Outlet {
  book: Book;
  deliveries: Deliveries;
  faults: Faults;
  secret: string;
  url: string | null;
  isStopped: boolean;
  timer: NodeJS.Timeout | undefined;
  /** The end of a gathering window; see `reorderWindowMs`. */
  windowTimer: NodeJS.Timeout | undefined;
  inFlight: Map<number, Promise<void>>;
  aborter: AbortController;
}

export interface WebhookOptions {
  book: Book;
  faults: Faults;
  secret: string;
  url: string | null;
}

export function createWebhooks(options: WebhookOptions): Webhooks {
  const outlet: Outlet = {
    ...options,
    deliveries: createDeliveries(options.book),
    isStopped: false,
    timer: undefined,
    windowTimer: undefined,
    inFlight: new Map(),
    aborter: new AbortController(),
  };
  return {
    deliveries: outlet.deliveries,
    schedule: (eventId, type) => {
      schedule(outlet, eventId, type);
    },
    wake: () => {
      pump(outlet);
    },
    setUrl: (url) => {
      outlet.url = url;
      pump(outlet);
    },
    release: (order) => release(outlet, order),
    resend: (eventId, times) => resend(outlet, eventId, times),
    drain: (timeoutMs) => drain(outlet, timeoutMs),
    stop: () => stop(outlet),
  };
}

function schedule(outlet: Outlet, eventId: string, type: string): void {
  const policy = outlet.faults.webhooks;
  const isConcerned = policy.types?.includes(type) ?? true;
  if (!isConcerned) {
    outlet.deliveries.add(eventId, 'pending', realNowMs());
    return;
  }
  if (policy.drop > 0) {
    policy.drop -= 1;
    outlet.deliveries.add(eventId, 'dropped', realNowMs());
    return;
  }
  const isHeld = policy.hold || policy.reorderWindowMs > 0;
  for (let copy = 0; copy < policy.copies; copy += 1) {
    outlet.deliveries.add(eventId, isHeld ? 'held' : 'pending', realNowMs() + policy.delayMs);
  }
  if (!policy.hold && policy.reorderWindowMs > 0) openWindow(outlet, policy.reorderWindowMs);
}

function openWindow(outlet: Outlet, windowMs: number): void {
  outlet.windowTimer ??= setTimeout(() => {
    outlet.windowTimer = undefined;
    void release(outlet, 'reverse');
  }, windowMs);
}

/** Starts what is due and sets the alarm for what comes next. Without a URL everything waits. */
function pump(outlet: Outlet): void {
  clearTimeout(outlet.timer);
  if (outlet.isStopped || outlet.url === null) return;
  // Twice, because up to so many of the longest due are under way already.
  for (const delivery of outlet.deliveries.due(realNowMs(), 2 * MAX_IN_FLIGHT)) {
    if (outlet.inFlight.size >= MAX_IN_FLIGHT) return;
    if (!outlet.inFlight.has(delivery.id)) void send(outlet, delivery);
  }
  const nextAtMs = outlet.deliveries.nextDueAtMs();
  if (nextAtMs === null) return;
  // A due row that is in flight keeps `nextAtMs` in the past; its end calls pump again.
  const waitMs = Math.max(nextAtMs - realNowMs(), 50);
  outlet.timer = setTimeout(() => {
    pump(outlet);
  }, waitMs);
}

/** One attempt, exactly one at a time per row. Its end is written down and wakes the pump. */
function send(outlet: Outlet, delivery: Delivery): Promise<void> {
  const attempt = attemptDelivery(outlet, delivery).finally(() => {
    outlet.inFlight.delete(delivery.id);
    pump(outlet);
  });
  outlet.inFlight.set(delivery.id, attempt);
  return attempt;
}

async function attemptDelivery(outlet: Outlet, delivery: Delivery): Promise<void> {
  const outcome = await post(outlet, delivery.eventId);
  if (outlet.isStopped) return;
  outlet.deliveries.settle(afterAttempt(delivery, outcome));
}

function afterAttempt(delivery: Delivery, outcome: string): Delivery {
  const attempts = delivery.attempts + 1;
  const tried = { ...delivery, attempts, lastOutcome: outcome };
  if (/^2\d\d$/.test(outcome)) return { ...tried, state: 'delivered' };
  const nowMs = realNowMs();
  if (nowMs - delivery.createdAtMs > GIVE_UP_AFTER_MS) return { ...tried, state: 'given_up' };
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
  return { ...tried, state: 'pending', dueAtMs: nowMs + waitMs };
}

/** The HTTP status, or why there was none. */
async function post(outlet: Outlet, eventId: string): Promise<string> {
  const event = outlet.book.find('event', eventId);
  if (outlet.url === null || event === null) return 'nowhere to send';
  const payload = JSON.stringify(event, null, 2);
  try {
    const response = await fetch(outlet.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'Stripe-Signature': signatureHeader(payload, outlet.secret, realNowSeconds()),
      },
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.any([outlet.aborter.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]),
    });
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    return error instanceof Error ? describe(error) : String(error);
  }
}

function describe(error: Error): string {
  const cause = error.cause;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}

async function release(outlet: Outlet, order: ReleaseOrder): Promise<number> {
  const held = outlet.deliveries.inState('held');
  if (order === 'reverse') held.reverse();
  for (const delivery of held) {
    // Until its turn it stays held: the pump must not overtake.
    await send(outlet, delivery);
  }
  return held.length;
}

async function resend(outlet: Outlet, eventId: string, times: number): Promise<string[]> {
  return Promise.all(Array.from({ length: times }, () => post(outlet, eventId)));
}

async function drain(outlet: Outlet, timeoutMs: number): Promise<boolean> {
  const deadlineMs = realNowMs() + timeoutMs;
  while (outlet.windowTimer !== undefined || outlet.deliveries.nextDueAtMs() !== null || outlet.inFlight.size > 0) {
    if (realNowMs() >= deadlineMs || outlet.isStopped) return false;
    await Promise.race([delay(20), ...outlet.inFlight.values()]);
  }
  return true;
}

async function stop(outlet: Outlet): Promise<void> {
  outlet.isStopped = true;
  clearTimeout(outlet.timer);
  clearTimeout(outlet.windowTimer);
  outlet.aborter.abort();
  await Promise.allSettled(outlet.inFlight.values());
}
