import { z } from 'zod';

const HOSTILE_ANSWERS = ['html', 'huge', 'trickle', 'redirect'] as const;
type HostileAnswer = (typeof HOSTILE_ANSWERS)[number];

export function isHostile(kind: string): kind is HostileAnswer {
  return (HOSTILE_ANSWERS as readonly string[]).includes(kind);
}

const requestFaultSchema = z.strictObject({
  /**
   * `fail_before`: 500, nothing done or remembered. `fail_after`: done, yet answered (and remembered) as 500.
   * `hang_before`/`hang_after`: the answer takes `ms` longer, before or after the effect. `lose_answer`: done and
   * remembered, but the connection breaks before a byte of the answer. `processing`: a confirmation stays processing, a refund
   * pending. `html`, `huge`, `trickle`, `redirect`: nothing is done, and the answer is a page, 10 MB, a byte now and then for
   * `ms`, or the way to somewhere else.
   */
  kind: z.enum([
    'fail_before',
    'fail_after',
    'hang_before',
    'hang_after',
    'lose_answer',
    'processing',
    ...HOSTILE_ANSWERS,
  ]),
  method: z.enum(['GET', 'POST', 'DELETE']).optional(),
  /** Part of the path, such as `/capture`; any path when absent. */
  path: z.string().optional(),
  times: z.number().int().min(1).max(10_000).default(1),
  ms: z.number().int().min(0).max(600_000).default(0),
});

const webhookPolicySchema = z.strictObject({
  delayMs: z.number().int().min(0).max(600_000).default(0),
  /** How often each event is delivered. */
  copies: z.number().int().min(1).max(100).default(1),
  /** Gathers events for this long and then delivers them newest first. */
  reorderWindowMs: z.number().int().min(0).max(600_000).default(0),
  /** Keeps events back until `webhooks/release`. */
  hold: z.boolean().default(false),
  /** The next N events are never delivered; they are in the events list all the same. */
  drop: z.number().int().min(0).max(10_000).default(0),
  /** Which event types the above applies to; all when absent. */
  types: z.array(z.string()).optional(),
});

export const faultsSchema = z.strictObject({
  requests: z.array(requestFaultSchema).optional(),
  webhooks: webhookPolicySchema.optional(),
});

export type RequestFault = z.infer<typeof requestFaultSchema>;
export type WebhookPolicy = z.infer<typeof webhookPolicySchema>;
export type FaultsInput = z.input<typeof faultsSchema>;

/** In memory only: a restart is a fresh, honest provider. */
export interface Faults {
  requests: RequestFault[];
  webhooks: WebhookPolicy;
}

export function noFaults(): Faults {
  return { requests: [], webhooks: webhookPolicySchema.parse({}) };
}

/** The first fault that fits this request, used up once; null is a good day. */
export function takeFault(faults: Faults, method: string, path: string): RequestFault | null {
  const found = faults.requests.find(
    (fault) => (fault.method ?? method) === method && path.includes(fault.path ?? '') && isForConfirmation(fault, path),
  );
  if (found === undefined) return null;
  found.times -= 1;
  if (found.times === 0) faults.requests.splice(faults.requests.indexOf(found), 1);
  return found;
}

function isForConfirmation(fault: RequestFault, path: string): boolean {
  return fault.kind !== 'processing' || path.endsWith('/confirm') || path === '/v1/refunds';
}
