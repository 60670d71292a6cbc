/** The generator of the HTTP load: plain `node:http` with kept connections, in its own process. */
import { Agent, request, type IncomingMessage } from 'node:http';
import { serve } from '../child.ts';
import { closedLoop, openLoop } from '../closed-loop.ts';
import { NOTES, type Job, type RunRequest } from './jobs.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
let url = '';

async function place({ token, quoteId, key }: Job, isReplay: boolean): Promise<void> {
  const response = await post(JSON.stringify({ quoteId, paymentMethod: 'card', notes: NOTES }), {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${token}`,
    'Idempotency-Key': key,
  });
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += String(chunk);
  const isMarked = response.headers['idempotent-replayed'] === 'true';
  const isComplete = response.statusCode === 201 && isMarked === isReplay && text.includes('"clientSecret":"pi_');
  if (!isComplete) throw new Error(`POST /orders answered ${response.statusCode ?? 0}: ${text.slice(0, 300)}`);
}

function post(body: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } };
    const call = request(`${url}/api/v1/orders`, options, resolve);
    call.on('error', reject);
    call.end(body);
  });
}

serve({
  open: (target: { url: string }) => {
    ({ url } = target);
    return Promise.resolve();
  },
  cpu: () => Promise.resolve(process.cpuUsage()),
  run: ({ jobs, inFlight, perSecond, isReplay = false }: RunRequest) => {
    const work = (job: Job) => place(job, isReplay);
    return perSecond === undefined ? closedLoop(jobs, inFlight, work) : openLoop(jobs, perSecond, work);
  },
});
