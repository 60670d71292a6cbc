import type { MeBody } from './users.schema.ts';
import type { UserRecord } from './users.service.ts';

export function toMeView({ id, email, name, phone, roles, createdAt }: UserRecord): MeBody {
  return { id, email, name, phone, roles, createdAt: createdAt.toISOString() };
}
