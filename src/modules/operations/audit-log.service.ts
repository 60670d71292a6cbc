import { z } from 'zod';
import { config } from '../../config/index.ts';
import { invalidCursor } from '../../errors/index.ts';
import { findAuditRows, type AuditRow } from '../../infra/audit/index.ts';
import { dateFrom } from '../../shared/clock.ts';
import { openCursor, sealCursor } from '../../shared/pagination.ts';
import type { SecurityEvent } from '../../shared/security-events.ts';

interface AuditQuery {
  event?: SecurityEvent | undefined;
  actorId?: string | undefined;
  subjectId?: string | undefined;
  /** ISO 8601. */
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

interface AuditPage {
  data: AuditRow[];
  limit: number;
  nextCursor: string | null;
}

const positionSchema = z.tuple([z.number(), z.string()]);

/** Newest first. A cursor goes on with the filters that it was made with, and with no others. */
export async function listAuditLog({ limit, cursor, from, to, ...filter }: AuditQuery): Promise<AuditPage> {
  const scope = JSON.stringify(['audit', filter.event, filter.actorId, filter.subjectId, from, to]);
  const after = cursor === undefined ? null : positionOf(cursor, scope);
  const range = {
    from: from === undefined ? undefined : dateFrom(from),
    to: to === undefined ? undefined : dateFrom(to),
  };
  const rows = await findAuditRows({ ...filter, ...range }, { after, limit: limit + 1 });
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  const nextCursor = hasMore ? sealCursor([last.at.getTime(), last._id], scope, config.quotes.secret) : null;
  return { data, limit, nextCursor };
}

function positionOf(cursor: string, scope: string): { at: Date; id: string } {
  const position = positionSchema.safeParse(openCursor(cursor, scope, config.quotes.secret));
  if (position.success) return { at: dateFrom(position.data[0]), id: position.data[1] };
  throw invalidCursor();
}
