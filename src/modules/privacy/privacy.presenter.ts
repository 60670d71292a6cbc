import type { PersonalExport } from './exports.service.ts';

export function toExportView({ createdAt, expiresAt, ...rest }: PersonalExport) {
  return { ...rest, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
}
