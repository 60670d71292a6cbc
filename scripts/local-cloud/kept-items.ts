import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realNowMs } from './clock.ts';

/** The newest items of one kind, each a file of its own: a restart continues with what was there. */
export interface KeptItems<T> {
  /** On disk when it returns. */
  add(item: T): void;
  /** Newest first. */
  list(): T[];
  /** What `find` returns, now or after a later arrival; null when the time is up. */
  wait(find: () => T | null, timeoutMs: number): Promise<T | null>;
  clear(): void;
  /** Lets go of everybody who waits. */
  stop(): void;
}

const MAX_ITEMS = 500;
const DIGITS_IN_NAME = 15;

interface State<T> {
  folder: string;
  /** Oldest first, each with its file. */
  entries: { file: string; item: T }[];
  waiters: Set<() => void>;
  isStopped: boolean;
}

export function openKeptItems<T>(folder: string): KeptItems<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const state: State<T> = { folder, entries: readFolder(folder), waiters: new Set(), isStopped: false };
  return {
    add: (item) => {
      add(state, item);
    },
    list: () => state.entries.map(({ item }) => item).reverse(),
    wait: (find, timeoutMs) => wait(state, find, timeoutMs),
    clear: () => {
      for (const { file } of state.entries.splice(0)) rmSync(file, { force: true });
    },
    stop: () => {
      state.isStopped = true;
      wakeAll(state);
    },
  };
}

function readFolder<T>(folder: string): State<T>['entries'] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      return { file, item: JSON.parse(readFileSync(file, 'utf8')) as T };
    });
}

function add<T>(state: State<T>, item: T): void {
  const last = Number(/(\d+)\.json$/.exec(state.entries.at(-1)?.file ?? '')?.[1] ?? 0);
  const file = join(state.folder, `${String(last + 1).padStart(DIGITS_IN_NAME, '0')}.json`);
  writeFileSync(`${file}.new`, JSON.stringify(item, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  state.entries.push({ file, item });
  while (state.entries.length > MAX_ITEMS) rmSync(state.entries.shift()?.file ?? '', { force: true });
  wakeAll(state);
}

async function wait<T>(state: State<T>, find: () => T | null, timeoutMs: number): Promise<T | null> {
  const deadlineMs = realNowMs() + timeoutMs;
  let found = find();
  while (found === null && realNowMs() < deadlineMs && !state.isStopped) {
    await nextArrival(state, deadlineMs - realNowMs());
    found = find();
  }
  return found;
}

function nextArrival<T>(state: State<T>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      state.waiters.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, timeoutMs);
    state.waiters.add(wake);
  });
}

function wakeAll<T>(state: State<T>): void {
  for (const wake of [...state.waiters]) wake();
}
