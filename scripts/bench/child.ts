import { fork } from 'node:child_process';

/** A script in a process of its own, whose functions are called by message. */
export interface Child {
  call<T>(name: string, argument?: unknown): Promise<T>;
  stop(): Promise<void>;
}

interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

/** Starts `file`, which calls `serve`. It ends with this process, however that ends: its channel closes. */
export function startChild(file: string, env: Readonly<Record<string, string | undefined>>): Child {
  const child = fork(file, { env, execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  child.on('message', ({ id, value, error }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(`${file}: ${error}`));
  });
  const exited = new Promise<void>((resolve) => {
    child.on('exit', (code) => {
      for (const call of waiting.values()) call.reject(new Error(`${file} ended with exit code ${code ?? 'none'}`));
      resolve();
    });
  });
  return {
    call<T>(name: string, argument?: unknown): Promise<T> {
      const call = Promise.withResolvers<unknown>();
      lastId += 1;
      waiting.set(lastId, call);
      child.send({ id: lastId, name, argument: argument ?? null });
      return call.promise as Promise<T>;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

type Handlers = Record<string, (argument: never) => Promise<unknown>>;

/** The child's side. */
export function serve(handlers: Handlers): void {
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the parent decides the order of stopping.
  process.on('SIGINT', () => undefined);
  process.on('message', ({ id, name, argument }: { id: number; name: string; argument: unknown }) => {
    const handler = handlers[name];
    const work =
      handler === undefined ? Promise.reject(new Error(`nobody serves ${name}`)) : handler(argument as never);
    work.then(
      (value) => process.send?.({ id, value }),
      (error: unknown) =>
        process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}
