import { z } from 'zod';

const faultSchema = z.strictObject({
  /**
   * What becomes of the next `times` messages. `fail_before`: 500, not sent. `fail_after`: sent, yet answered 500. `throttle`: 429, not
   * sent. `hang_before`/`hang_after`: the answer takes `ms` longer, before or after sending. `lose_answer`: sent, but the connection
   * breaks before a byte of the answer.
   */
  kind: z.enum(['fail_before', 'fail_after', 'throttle', 'hang_before', 'hang_after', 'lose_answer']),
  times: z.number().int().min(1).max(10_000).default(1),
  ms: z.number().int().min(0).max(600_000).default(0),
  /** Only for this number. */
  to: z.string().optional(),
});

export const smsFaultsSchema = z.strictObject({ faults: z.array(faultSchema) });

export type SmsFault = z.infer<typeof faultSchema>;
export type SmsFaultsInput = z.input<typeof smsFaultsSchema>;

/** The first fault that fits, used up once; null is a good day. */
export function takeSmsFault(faults: SmsFault[], to: string): SmsFault | null {
  const found = faults.find((fault) => (fault.to ?? to) === to);
  if (found === undefined) return null;
  found.times -= 1;
  if (found.times === 0) faults.splice(faults.indexOf(found), 1);
  return found;
}
