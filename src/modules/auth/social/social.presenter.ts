import type { IdentityRow } from './identity.model.ts';
import type { IdentityBody } from './social.schema.ts';

/** Without the provider's own id of the person. */
export function toIdentityView({ provider, email, linkedAt }: IdentityRow): IdentityBody {
  return { provider, email, linkedAt: linkedAt.toISOString() };
}
