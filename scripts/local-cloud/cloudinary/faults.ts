import { z } from 'zod';
import { delay } from '../clock.ts';
import { CloudinaryError } from './errors.ts';

const faultSchema = z.strictObject({
  /**
   * What becomes of the next `times` calls. `fail_before`: 500, nothing done. `fail_after`: done, yet answered 500. `throttle`: 420, nothing
   * done. `hang_before`/`hang_after`: the answer takes `ms` longer, before or after the work. `lose_answer`: done, but the connection
   * breaks before a byte of the answer.
   */
  kind: z.enum(['fail_before', 'fail_after', 'throttle', 'hang_before', 'hang_after', 'lose_answer']),
  times: z.number().int().min(1).max(10_000).default(1),
  ms: z.number().int().min(0).max(600_000).default(0),
  /** Only for calls of this kind. */
  action: z.enum(['upload', 'destroy', 'rename', 'download', 'resource', 'resources', 'delete_resources']).optional(),
});

export const cloudFaultsSchema = z.strictObject({ faults: z.array(faultSchema) });

export type CloudFault = z.infer<typeof faultSchema>;
export type CloudFaultsInput = z.input<typeof cloudFaultsSchema>;

/** The first fault that fits, used up once; null is a good day. */
export function takeCloudFault(faults: CloudFault[], action: string): CloudFault | null {
  const found = faults.find((fault) => (fault.action ?? action) === action);
  if (found === undefined) return null;
  found.times -= 1;
  if (found.times === 0) faults.splice(faults.indexOf(found), 1);
  return found;
}

/** Work with a fault around it; null when the answer is to get lost. */
export async function withFault<T>(fault: CloudFault | null, work: () => T | Promise<T>): Promise<T | null> {
  if (fault === null) return work();
  const { kind, ms } = fault;
  if (kind === 'fail_before') throw serverFault();
  if (kind === 'throttle') throw new CloudinaryError(420, 'Rate Limit Exceeded');
  if (kind === 'hang_before') await delay(ms);
  const result = await work();
  if (kind === 'hang_after') await delay(ms);
  if (kind === 'fail_after') throw serverFault();
  return kind === 'lose_answer' ? null : result;
}

function serverFault(): CloudinaryError {
  return new CloudinaryError(500, 'General Error');
}
