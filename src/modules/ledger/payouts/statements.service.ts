import { config } from '../../../config/index.ts';
import { AppError } from '../../../errors/index.ts';
import { now, nowMs, secondsFromNow } from '../../../shared/clock.ts';
import { isEqualMac, macOf } from '../../auth/index.ts';
import { payouts, type PayoutRecord } from './payout.model.ts';
import { PayoutStatementModel } from './payout-statement.model.ts';
import { getStatement } from './statement.queries.ts';
import { toStatementCsv } from './statement-csv.ts';

interface LinkParts {
  payoutId: string;
  /** Seconds since 1970. */
  expires: number;
}

/** Stores the CSV of a payout, anew once it is paid or has failed. Its rows never change. */
export async function makeStatement(payoutId: string): Promise<void> {
  const csv = toStatementCsv(await getStatement(payoutId));
  await PayoutStatementModel.updateOne({ _id: payoutId }, { $set: { csv, createdAt: now() } }, { upsert: true });
  await payouts().updateOne({ _id: payoutId }, { $set: { hasStatement: true } });
}

/** Where its CSV is for a while, for whoever has the link; null until it is made. */
export function statementLink({ _id: payoutId, hasStatement }: PayoutRecord): { url: string; expiresAt: Date } | null {
  if (!hasStatement) return null;
  const expiresAt = secondsFromNow(config.money.documentTtlSeconds);
  const expires = Math.floor(expiresAt.getTime() / 1000);
  const query = new URLSearchParams({ expires: String(expires), signature: signatureOf({ payoutId, expires }) });
  return { url: `${config.server.publicUrl}/api/v1/payouts/${payoutId}/statement?${query.toString()}`, expiresAt };
}

/** @throws AppError `not_found` (not our link, or nothing behind it), `link_invalid` (its time is up) */
export async function openStatement({ signature, ...parts }: LinkParts & { signature: string }): Promise<string> {
  if (!isEqualMac(signatureOf(parts), signature)) throw new AppError('not_found');
  if (parts.expires * 1000 <= nowMs()) throw new AppError('link_invalid');
  const row = await PayoutStatementModel.findById(parts.payoutId).lean();
  if (row === null) throw new AppError('not_found');
  return row.csv;
}

function signatureOf({ payoutId, expires }: LinkParts): string {
  return macOf('statement', `${payoutId}.${expires}`);
}
