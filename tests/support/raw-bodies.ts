import { request as httpRequest } from 'node:http';
import type { TestApp } from './app.ts';

export interface RawBody {
  path?: string;
  headers?: Record<string, string>;
  chunks: readonly (string | Buffer)[];
}

export interface RawAnswer {
  status: number;
  code: string;
  text: string;
}

/** Bytes as they are, without a client's help. */
export function sendBytes(
  app: Pick<TestApp, 'url'>,
  { path = '/api/v1/auth/login', headers = {}, chunks }: RawBody,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const req = httpRequest(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    });
    req.on('response', (res) => {
      res.setEncoding('utf8');
      let text = '';
      res.on('data', (part: string) => (text += part));
      res.on('end', () => {
        const { error } = JSON.parse(text) as { error?: { code: string } };
        resolve({ status: res.statusCode ?? 0, code: error?.code ?? '', text });
      });
    });
    req.on('error', reject);
    for (const chunk of chunks) req.write(chunk);
    req.end();
  });
}
