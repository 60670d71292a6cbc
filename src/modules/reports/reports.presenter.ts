import type { Report } from './admin-reports.service.ts';
import type { DocumentLink } from './documents.service.ts';

export function toLinkView({ url, expiresAt }: DocumentLink) {
  return { url, expiresAt: expiresAt.toISOString() };
}

export function toReportView({ _id: id, kind, from, to, createdAt, document }: Report) {
  return {
    ...{ id, kind, from, to, createdAt: createdAt.toISOString() },
    document: document === null ? null : toLinkView(document),
  };
}
