import { setTimeout as sleep } from 'node:timers/promises';
import mongoose, { mongo } from 'mongoose';
import { nowMs } from '../../shared/clock.ts';
import { randomBelow } from '../../shared/ids.ts';
import { onShutdown } from '../lifecycle/index.ts';
import { counter, gauge, logger } from '../observability/index.ts';
import {
  noteChange,
  noteHeard,
  noteOpened,
  notePosition,
  noteSilence,
  noteStart,
  noteUnknownChange,
  silenceMs,
} from './changes.ts';

/** A change of one document. */
export interface PublicChange {
  id: string;
  /** Top-level fields that an update touched; null where all of the document is new, or gone. */
  changed: ReadonlySet<string> | null;
  /** The fields asked for, as the document is now; null where it is gone. */
  document: Readonly<Record<string, unknown>> | null;
}

export interface PublicCollection {
  collection: string;
  /** What `versionsOf` wants to see of the document. */
  fields: readonly string[];
  /** Updates of other fields are not even looked at: for collections that are written to all the time. */
  only?: readonly string[];
  /** What the change touches; empty for what no page shows. Null: nobody can tell, so everything. */
  versionsOf: (change: PublicChange) => readonly string[] | null;
}

interface RawChange {
  _id: { _data?: unknown };
  operationType: string;
  clusterTime?: mongo.Timestamp;
  ns?: { coll?: string };
  documentKey?: { _id: unknown };
  fullDocument?: Record<string, unknown> | null;
  changed?: string[] | null;
}

const WAIT_MS = 250;
const BACK_OFF_MS = { first: 100, most: 5000 };
/** A process that starts learns what happened shortly before, and so can use the pages of the others. */
const LOOK_BACK_SECONDS = 120;
/** Behind by more than this (clocks included), a stream in full flow does not count as complete. */
const MAX_LAG_MS = 2000;

const restarts = counter(
  'quickbite_public_changes_restarts_total',
  'Times the stream of public changes was opened again',
);
gauge(
  { name: 'quickbite_public_changes_silence_seconds', help: 'Since the stream of public changes was last complete' },
  (self) => {
    const ms = silenceMs();
    self.set(Number.isFinite(ms) ? ms / 1000 : -1);
  },
);

let isStarted = false;

/** One change stream per process over all public collections, for as long as the process lives. */
export function followChanges(collections: readonly PublicCollection[]): void {
  if (isStarted) return;
  isStarted = true;
  const ending = new AbortController();
  const following = followForGood(collections, ending.signal);
  // Before the clients: MongoDB's is closed at the same time as they are.
  onShutdown('work', 'public changes', async () => {
    ending.abort();
    await following;
    isStarted = false;
  });
}

async function followForGood(collections: readonly PublicCollection[], signal: AbortSignal): Promise<void> {
  const byName = new Map(collections.map((one) => [one.collection, one]));
  const resume: { token: unknown } = { token: null };
  let waitMs = BACK_OFF_MS.first;
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      await followOnce(byName, resume, signal);
    } catch (error) {
      logger.warn({ err: error }, 'the stream of public changes broke; it is opened again');
      if (isLost(error)) resume.token = null;
    }
    noteSilence();
    restarts.inc();
    // One that held for a while may begin again at once.
    waitMs =
      performance.now() - startedAt > BACK_OFF_MS.most ? BACK_OFF_MS.first : Math.min(waitMs * 2, BACK_OFF_MS.most);
    await sleep(waitMs + randomBelow(waitMs), null, { signal }).catch(() => null);
  }
}

/** ChangeStreamHistoryLost, ChangeStreamFatalError, and a token that the server does not take. */
const LOST = new Set<unknown>([286, 280, 260, 9]);

function isLost(error: unknown): boolean {
  return LOST.has((error as { code?: unknown }).code);
}

async function followOnce(
  byName: ReadonlyMap<string, PublicCollection>,
  resume: { token: unknown },
  signal: AbortSignal,
): Promise<void> {
  const stream = await openStream([...byName.values()], resume.token);
  try {
    while (!signal.aborted) {
      const raw = (await stream.tryNext()) as RawChange | null;
      resume.token = stream.resumeToken;
      if (raw !== null) note(raw, byName);
      else notePosition(timeOfToken(stream.resumeToken) ?? '');
      if (raw === null || lagOf(raw) < MAX_LAG_MS) noteHeard();
      // The server closes the stream after it: what comes then is of another life of the database.
      if (raw?.operationType === 'invalidate') throw new Error('the database was dropped');
    }
  } finally {
    await stream.close().catch(() => undefined);
  }
}

async function openStream(collections: PublicCollection[], token: unknown): Promise<mongo.ChangeStream> {
  const options = { fullDocument: 'updateLookup', maxAwaitTimeMS: WAIT_MS } as const;
  const { operationTime } = (await database().command({ hello: 1 })) as { operationTime: mongo.Timestamp };
  noteOpened(timeText(operationTime));
  if (token !== null) return database().watch(pipelineOf(collections), { ...options, resumeAfter: token });
  const { t, i } = partsOf(operationTime);
  for (const back of [LOOK_BACK_SECONDS, 0]) {
    const startAtOperationTime = mongo.Timestamp.fromBits(back === 0 ? i : 0, t - back);
    const stream = database().watch(pipelineOf(collections), { ...options, startAtOperationTime });
    noteStart(timeText(startAtOperationTime));
    // The log of a young server does not reach that far back, which only the first answer tells.
    const first = await stream.tryNext().catch((error: unknown) => {
      if (back === 0 || !isLost(error)) throw error;
      return 'lost' as const;
    });
    if (first === 'lost') continue;
    if (first !== null) note(first as unknown as RawChange, new Map(collections.map((one) => [one.collection, one])));
    return stream;
  }
  throw new Error('unreachable: the second start does not look back');
}

function database(): mongo.Db {
  const { db } = mongoose.connection;
  if (db === undefined) throw new Error('bootstrap connects MongoDB first');
  return db;
}

/** Names of what changed and the few fields that are asked for: no document travels. */
function pipelineOf(collections: readonly PublicCollection[]): mongo.Document[] {
  const fields = new Set(collections.flatMap((one) => one.fields));
  const updated = { $objectToArray: { $ifNull: ['$updateDescription.updatedFields', {}] } };
  const changed = {
    $concatArrays: [
      { $map: { input: updated, in: '$$this.k' } },
      { $ifNull: ['$updateDescription.removedFields', []] },
      { $map: { input: { $ifNull: ['$updateDescription.truncatedArrays', []] }, in: '$$this.field' } },
    ],
  };
  return [
    {
      $match: {
        $or: [...collections.map(filterOf), { operationType: 'invalidate' }],
      },
    },
    {
      $project: {
        ...{ operationType: 1, ns: 1, documentKey: 1, clusterTime: 1, 'fullDocument._id': 1 },
        ...Object.fromEntries([...fields].map((field) => [`fullDocument.${field}`, 1])),
        changed: { $cond: [{ $eq: ['$operationType', 'update'] }, changed, null] },
      },
    },
  ];
}

function filterOf({ collection, only }: PublicCollection): mongo.Document {
  const ns = { 'ns.coll': collection };
  if (only === undefined) return ns;
  const written = only.flatMap((field) => [
    { [`updateDescription.updatedFields.${field}`]: { $exists: true } },
    { 'updateDescription.removedFields': field },
  ]);
  return { ...ns, $or: [{ operationType: { $ne: 'update' } }, ...written] };
}

const DOCUMENT_CHANGES = new Set(['insert', 'update', 'replace', 'delete']);

function note(raw: RawChange, byName: ReadonlyMap<string, PublicCollection>): void {
  const at = raw.clusterTime === undefined ? (timeOfToken(raw._id) ?? '') : timeText(raw.clusterTime);
  const collection = byName.get(raw.ns?.coll ?? '');
  const touched = DOCUMENT_CHANGES.has(raw.operationType) ? collection?.versionsOf(toChange(raw)) : null;
  if (touched === null || touched === undefined) noteUnknownChange(at);
  else noteChange(at, touched);
}

function toChange({ documentKey, fullDocument, changed }: RawChange): PublicChange {
  return {
    id: String(documentKey?._id),
    // `a.b.0` is a change of `a`.
    changed: changed == null ? null : new Set(changed.map((path) => path.split('.')[0] ?? path)),
    document: fullDocument ?? null,
  };
}

function lagOf({ clusterTime }: RawChange): number {
  return clusterTime === undefined ? 0 : nowMs() - partsOf(clusterTime).t * 1000;
}

function partsOf(time: mongo.Timestamp): { t: number; i: number } {
  return { t: time.t, i: time.i };
}

function timeText(time: mongo.Timestamp): string {
  const { t, i } = partsOf(time);
  return hex(t) + hex(i);
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** A resume token begins with its cluster time, in every version that MongoDB has given out; null for one that does not. */
function timeOfToken(token: unknown): string | null {
  const data = (token as { _data?: unknown } | null)?._data;
  const [, time] = (typeof data === 'string' ? /^82([0-9A-F]{16})/i.exec(data) : null) ?? [];
  return time?.toLowerCase() ?? null;
}
