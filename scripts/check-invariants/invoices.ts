import type { mongo } from 'mongoose';
import type { DatabaseInvariant } from './types.ts';

interface Series {
  _id: { issuerId: string; kind: string; year: number };
  rows: number;
  highest: number;
}

interface Counter {
  _id: string;
  last: number;
}

/** What the tax office asks of numbers. */
export const INVOICE_INVARIANTS: readonly DatabaseInvariant[] = [
  {
    name: 'invoice-numbers-without-gap',
    source: 'CGST rule 46 (b), CGI 242 nonies A',
    async *find({ db }) {
      // First, so that no invoice which comes meanwhile lacks in what is read after it.
      const counters = await db.collection<Counter>('invoice_counters').find().toArray();
      const given = new Map<string, Series>();
      for await (const one of seriesOf(db)) given.set(`${one._id.issuerId}-${one._id.kind}-${one._id.year}`, one);
      for (const [series, { rows, highest }] of given) {
        if (rows !== highest) yield { ids: { series }, problem: `${rows} numbers, and the highest is ${highest}` };
      }
      for (const { _id: series, last } of counters) {
        const highest = given.get(series)?.highest ?? 0;
        if (highest < last) yield { ids: { series }, problem: `${last} was given, and the highest is ${highest}` };
      }
    },
  },
];

function seriesOf(db: mongo.Db): mongo.AggregationCursor<Series> {
  const _id = { issuerId: '$issuerId', kind: '$kind', year: '$year' };
  const group = { _id, rows: { $sum: 1 }, highest: { $max: '$sequence' } };
  return db.collection('invoices').aggregate<Series>([{ $group: group }], { allowDiskUse: true });
}
