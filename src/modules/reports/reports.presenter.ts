import type { DocumentLink } from './documents.service.ts';

export function toLinkView({ url, expiresAt }: DocumentLink) {
  return { url, expiresAt: expiresAt.toISOString() };
}
