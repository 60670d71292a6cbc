import type { AppError, ErrorCode, FieldProblem } from '../errors/index.ts';
import { noteSecurityEvent } from '../infra/audit/index.ts';
import type { SecurityEvent } from '../shared/security-events.ts';

/**
 * Refusals that are security events wherever they happen (bar.md 4.1). A token that has run out is none: every phone has one every
 * quarter of an hour. What a log-in was refused for, its own service says.
 */
const EVENTS: Partial<Record<ErrorCode, SecurityEvent>> = {
  unauthenticated: 'access.unauthenticated',
  token_invalid: 'access.unauthenticated',
  forbidden: 'access.forbidden',
  rate_limited: 'access.limited',
  validation_failed: 'access.invalid',
  csrf_refused: 'access.csrf_refused',
  own_side: 'money.own_side_refused',
  webhook_signature_invalid: 'money.webhook_refused',
};

const MAX_PATHS = 5;

/** The one place where a refusal of HTTP or of a socket becomes a row of the audit. `where`: a route's template or a command. */
export function noteRefusal(error: AppError, where: string): void {
  const event = EVENTS[error.code];
  if (event !== undefined) noteSecurityEvent({ event, reason: `${where}: ${whyOf(error)}` });
}

function whyOf({ code, details, info }: AppError): string {
  if (code === 'rate_limited') return `limit ${typeof info?.['policy'] === 'string' ? info['policy'] : 'of a socket'}`;
  return code === 'validation_failed' ? pathsOf(details) : code;
}

/** Which fields, never their values. The name of an unknown key is a value, too: the sender has chosen it. */
function pathsOf(details: readonly FieldProblem[] = []): string {
  const paths = details.map(({ path, code }) => (code === 'unknown_key' ? 'unknown key' : path));
  return [...new Set(paths)].slice(0, MAX_PATHS).join(', ');
}
