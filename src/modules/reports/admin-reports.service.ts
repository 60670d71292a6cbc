import { stringify } from 'csv-stringify/sync';
import { AppError } from '../../errors/index.ts';
import { recordAudit } from '../../infra/audit/index.ts';
import { withTransaction } from '../../infra/mongo/index.ts';
import { appendOutbox } from '../../infra/queue/index.ts';
import type { Actor } from '../../shared/actor.ts';
import { now } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { localDateOf } from '../restaurants/index.ts';
import { findDocument, linkTo, storeDocument, type DocumentLink } from './documents.service.ts';
import { eachMadeRefund, eachSoldOrder, findCityAt, type SoldOrder } from './report-sources.queries.ts';
import { addRefund, addSale, addTaxes, REPORT_COLUMNS, Sums } from './report-tables.ts';
import { reportRows, type ReportRow } from './report.model.ts';

/** Outbox event: `{ reportId }`. */
export const REPORT_REQUESTED = 'report.requested';

export type AskedReport = Pick<ReportRow, 'kind' | 'from' | 'to'>;

/** With its link, once it is made. */
export type Report = ReportRow & { document: DocumentLink | null };

/** Promises a report; a job makes it. */
export async function requestReport(asked: AskedReport, { userId }: Actor): Promise<Report> {
  const row: ReportRow = { _id: newId(), ...asked, requestedBy: userId, createdAt: now() };
  await withTransaction(async (tx) => {
    await reportRows().insertOne(row, { session: tx });
    await recordAudit(tx, { event: 'money.report_requested', subjectId: row._id, after: { ...asked } });
    await appendOutbox(tx, [{ event: REPORT_REQUESTED, payload: { reportId: row._id } }]);
  });
  return { ...row, document: null };
}

/** @throws AppError `not_found` */
export async function getReport(reportId: string): Promise<Report> {
  const row = await reportRows().findOne({ _id: reportId });
  if (row === null) throw new AppError('not_found');
  const made = await findDocument('report', reportId);
  return { ...row, document: made === null ? null : linkTo(made) };
}

/** Reads batch by batch and keeps the sums only. A repeat writes over it what is true by then. */
export async function makeReport(reportId: string): Promise<void> {
  const row = await reportRows().findOne({ _id: reportId });
  if (row === null) return;
  const sums = new Sums();
  await fill(sums, row);
  const csv = stringify([REPORT_COLUMNS[row.kind], ...sums.toCells()], { bom: true });
  await storeDocument({
    ...{ kind: 'report', subjectId: reportId, version: 1, stamp: '' },
    ...{ fileName: `${row.kind}-${row.from}-${row.to}.csv`, mediaType: 'text/csv', content: Buffer.from(csv) },
  });
}

async function fill(sums: Sums, period: AskedReport): Promise<void> {
  if (period.kind === 'refunds') {
    for await (const refund of eachMadeRefund(period)) addRefund(sums, refund);
    return;
  }
  const cities = new Map<string, string>();
  for await (const order of eachSoldOrder(period)) {
    const day = localDateOf(order.endedAt.getTime(), order.restaurant.timeZone);
    if (day < period.from || day > period.to) continue;
    if (period.kind === 'sales') addSale(sums, order, day);
    else addTaxes(sums, order, { month: day.slice(0, 7), city: await cityOf(order, cities) });
  }
}

async function cityOf({ restaurantId, restaurant }: SoldOrder, known: Map<string, string>): Promise<string> {
  const city = known.get(restaurantId) ?? (await findCityAt(restaurant.location));
  known.set(restaurantId, city);
  return city;
}
