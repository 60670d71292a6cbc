import { z } from 'zod';

/** How loud an error is in the logs: `error` means a human must act, expected 4xx is `info`, suspicious 4xx `warn`. */
type LogLevel = 'info' | 'warn' | 'error';

interface ErrorCodeDefinition {
  status: number;
  message: string;
  logLevel: LogLevel;
  details?: z.ZodType;
  /** Says it with the details, where there are some. */
  messageWith?: (details: never) => string;
}

export const fieldProblems = z.array(z.strictObject({ path: z.string(), code: z.string(), message: z.string() }));

export function defineCodes<T extends Record<string, ErrorCodeDefinition>>(codes: T): T {
  return codes;
}
