import { io, type Socket } from 'socket.io-client';

export interface Answer<T> {
  status: number;
  body: T;
  /** The body to the byte. */
  text: string;
  headers: Headers;
  /** `POST /orders → 201`, for the step's line. */
  call: string;
}

export interface Message {
  event: string;
  data: Record<string, unknown>;
}

interface Waiter {
  fits: (message: Message) => boolean;
  resolve: (message: Message) => void;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Call {
  body?: unknown;
  idempotencyKey?: string;
}

/** One person's client: a token, a socket, and nothing else. It knows only the public API. */
export class Player {
  readonly name: string;
  readonly #base: string;
  #token: string | null = null;
  #socket: Socket | null = null;
  readonly #messages: Message[] = [];
  readonly #waiters: Waiter[] = [];

  constructor(name: string, base: string) {
    this.name = name;
    this.#base = base;
  }

  useToken(token: string): void {
    this.#token = token;
  }

  /** @throws Error with the answer's code where the status is not in the 200s */
  async call<T>(method: Method, path: string, call: Call = {}): Promise<Answer<T>> {
    const answer = await this.try<T>(method, path, call);
    if (answer.status < 300) return answer;
    throw new Error(`${answer.call} ${JSON.stringify(answer.body)}`);
  }

  /** The answer, whatever its status. */
  async try<T>(method: Method, path: string, { body, idempotencyKey }: Call = {}): Promise<Answer<T>> {
    const response = await fetch(`${this.#base}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` }),
        ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const call = `${method} ${shorten(path)} → ${response.status}`;
    return {
      status: response.status,
      body: JSON.parse(text === '' ? 'null' : text) as T,
      text,
      headers: response.headers,
      call,
    };
  }

  /** Opens the socket of this kind of client and keeps every message it brings. */
  async connect(namespace: string): Promise<void> {
    const socket = io(`${this.#base}${namespace}`, {
      transports: ['websocket'],
      auth: { token: this.#token },
      forceNew: true,
    });
    this.#socket = socket;
    socket.onAny((event: string, data: Record<string, unknown>) => {
      this.#receive({ event, data });
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
  }

  /** Waits for a message of the socket; one that came before counts. */
  async hear(what: string, fits: (message: Message) => boolean, timeoutMs = 20_000): Promise<Message> {
    const known = this.#messages.find(fits);
    if (known !== undefined) return known;
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const timer = setTimeout(() => {
      reject(new Error(`${this.name} did not hear ${what} within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    this.#waiters.push({ fits, resolve });
    return promise.finally(() => {
      clearTimeout(timer);
    });
  }

  /** Waits for an event of an order's log. */
  async hearEvent(type: string, orderId: string): Promise<Message> {
    return this.hear(
      type,
      ({ event, data }) => event === 'event' && data['type'] === type && data['orderId'] === orderId,
    );
  }

  /** The log of an order as this socket brought it. */
  heardLog(orderId: string): { seq: number; type: string }[] {
    return this.#messages
      .filter(({ event, data }) => event === 'event' && data['orderId'] === orderId)
      .map(({ data }) => ({ seq: Number(data['seq']), type: String(data['type']) }))
      .sort((a, b) => a.seq - b.seq);
  }

  disconnect(): void {
    this.#socket?.disconnect();
  }

  #receive(message: Message): void {
    this.#messages.push(message);
    const fitting = this.#waiters.filter(({ fits }) => fits(message));
    for (const waiter of fitting) {
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      waiter.resolve(message);
    }
  }
}

/** Ids are long and say little. */
function shorten(path: string): string {
  return path.replaceAll(/[0-9a-f]{24}/g, (id) => `…${id.slice(-4)}`).replace(/\?.*/, '?…');
}
