import { Agent, request } from 'node:http';

export interface Answer {
  status: number;
  text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1024 });

/** Plain `node:http` with kept connections: a generator should cost little. */
export function postJson(url: string, body: object): Promise<Answer> {
  return send(url, 'POST', JSON.stringify(body));
}

export function get(url: string): Promise<Answer> {
  return send(url, 'GET', null);
}

function send(url: string, method: string, body: string | null): Promise<Answer> {
  const headers =
    body === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body ?? undefined);
  });
}
