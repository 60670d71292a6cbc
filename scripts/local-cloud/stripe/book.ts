import { DatabaseSync } from 'node:sqlite';
import type { Kinds } from './types.ts';
import { realNowMs } from '../clock.ts';

export type MovementKind =
  'authorize' | 'capture' | 'release' | 'refund' | 'refund_returned' | 'dispute' | 'dispute_won';

/** One line of what really happened to money; never updated, so it can convict the objects of lying. */
export interface Movement {
  seq: number;
  intentId: string;
  kind: MovementKind;
  amount: number;
  atMs: number;
}

export interface ListFilter {
  parentId?: string | undefined;
  types?: readonly string[] | undefined;
}

export interface Book {
  readonly database: DatabaseSync;
  /** All or nothing; within another one it is a savepoint of it. */
  transaction<T>(work: () => T): T;
  put<K extends keyof Kinds>(kind: K, object: Kinds[K], parentId?: string): void;
  find<K extends keyof Kinds>(kind: K, id: string): Kinds[K] | null;
  /** Newest first, as Stripe lists. */
  list<K extends keyof Kinds>(kind: K, filter?: ListFilter): Kinds[K][];
  record(movement: Omit<Movement, 'seq' | 'atMs'>): void;
  movements(): Movement[];
  close(): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    parent_id TEXT, type TEXT, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
  CREATE INDEX IF NOT EXISTS objects_by_parent ON objects (parent_id, kind, seq);
  CREATE TABLE IF NOT EXISTS movements (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, intent_id TEXT NOT NULL, kind TEXT NOT NULL,
    amount INTEGER NOT NULL, at_ms INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS idempotency_keys (
    key TEXT PRIMARY KEY, endpoint TEXT NOT NULL, params TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, request_id TEXT NOT NULL, at_ms INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, state TEXT NOT NULL, due_at_ms INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, last_outcome TEXT);
  CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (state, due_at_ms);
`;

/**
 * The provider's own database: a file, written before the answer leaves, so that killing this process loses nothing
 * a caller was told. The exclusive lock keeps a second local cloud off the same folder (it would deliver everything
 * twice); the system drops it with the process.
 */
export function openBook(path: string): Book {
  const database = openDatabase(path);
  return {
    database,
    transaction: transactionOn(database),
    ...objectsIn(database),
    ...movementsIn(database),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec(SCHEMA);
  } catch (cause) {
    database.close();
    throw new Error(`the provider's book ${path} cannot be opened; is another local cloud using it?`, { cause });
  }
  return database;
}

function transactionOn(database: DatabaseSync): Book['transaction'] {
  return (work) => {
    const [begin, commit, rollback] = database.isTransaction
      ? ['SAVEPOINT inner_work', 'RELEASE inner_work', 'ROLLBACK TO inner_work; RELEASE inner_work']
      : ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'];
    database.exec(begin);
    try {
      const result = work();
      database.exec(commit);
      return result;
    } catch (error) {
      database.exec(rollback);
      throw error;
    }
  };
}

function objectsIn(database: DatabaseSync): Pick<Book, 'put' | 'find' | 'list'> {
  const upsert = database.prepare(
    `INSERT INTO objects (id, kind, parent_id, type, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
  );
  const byId = database.prepare('SELECT body FROM objects WHERE id = ? AND kind = ?');
  const byKind = database.prepare('SELECT body, type FROM objects WHERE kind = ? ORDER BY seq DESC');
  const byParent = database.prepare(
    'SELECT body, type FROM objects WHERE kind = ? AND parent_id = ? ORDER BY seq DESC',
  );
  return {
    put(kind, object, parentId) {
      const type = 'type' in object ? object.type : null;
      upsert.run(object.id, kind, parentId ?? null, type, JSON.stringify(object));
    },
    find<K extends keyof Kinds>(kind: K, id: string) {
      const row = byId.get(id, kind);
      return row === undefined ? null : (JSON.parse(String(row['body'])) as Kinds[K]);
    },
    list<K extends keyof Kinds>(kind: K, { parentId, types }: ListFilter = {}) {
      const rows = parentId === undefined ? byKind.all(kind) : byParent.all(kind, parentId);
      return rows
        .filter((row) => types === undefined || types.includes(String(row['type'])))
        .map((row) => JSON.parse(String(row['body'])) as Kinds[K]);
    },
  };
}

function movementsIn(database: DatabaseSync): Pick<Book, 'record' | 'movements'> {
  const insert = database.prepare('INSERT INTO movements (intent_id, kind, amount, at_ms) VALUES (?, ?, ?, ?)');
  const all = database.prepare('SELECT * FROM movements ORDER BY seq');
  return {
    record({ intentId, kind, amount }) {
      insert.run(intentId, kind, amount, realNowMs());
    },
    movements: () =>
      all.all().map((row) => ({
        seq: Number(row['seq']),
        intentId: String(row['intent_id']),
        kind: String(row['kind']) as MovementKind,
        amount: Number(row['amount']),
        atMs: Number(row['at_ms']),
      })),
  };
}
