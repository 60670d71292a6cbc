import { deviceNameOf } from './device-name.ts';
import type { SessionRow } from './session.model.ts';

export function toSessionView(row: SessionRow, currentSessionId: string) {
  return {
    id: row._id,
    device: deviceNameOf(row.userAgent),
    userAgent: row.userAgent,
    method: row.method,
    address: row.lastAddress,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    isCurrent: row._id === currentSessionId,
  };
}
