import { trusted } from 'mongoose';
import type { SecurityEvent } from '../../shared/security-events.ts';
import { AuditModel, type AuditRow } from './audit.model.ts';

export interface AuditFilter {
  event?: SecurityEvent | undefined;
  actorId?: string | undefined;
  subjectId?: string | undefined;
  /** Inclusive. */
  from?: Date | undefined;
  /** Exclusive. */
  to?: Date | undefined;
}

/** Where a page ended. */
export interface AuditPosition {
  at: Date;
  id: string;
}

/** Newest first, at most `limit` rows after the position. */
export function findAuditRows(
  { event, actorId, subjectId, from, to }: AuditFilter,
  { after, limit }: { after: AuditPosition | null; limit: number },
): Promise<AuditRow[]> {
  const range = {
    ...(from === undefined ? {} : { $gte: from }),
    ...(to === undefined ? {} : { $lt: to }),
    // The range that the index is entered by; the row of the position itself and its equals are sorted out below.
    ...(after === null ? {} : { $lte: after.at }),
  };
  return AuditModel.find({
    ...(event === undefined ? {} : { event }),
    ...(actorId === undefined ? {} : { actorId }),
    ...(subjectId === undefined ? {} : { subjectId }),
    ...(Object.keys(range).length === 0 ? {} : { at: trusted(range) }),
    ...(after === null ? {} : { $or: [{ at: trusted({ $lt: after.at }) }, { _id: trusted({ $lt: after.id }) }] }),
  })
    .sort({ at: -1, _id: -1 })
    .limit(limit)
    .lean<AuditRow[]>()
    .exec();
}
