/** The generator of the load: GETs over kept connections, in its own process. */
import { Agent, get, type IncomingMessage } from 'node:http';
import { serve } from '../child.ts';
import { closedLoop } from '../closed-loop.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = get(url, { agent }, (response: IncomingMessage) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${url} answered ${response.statusCode ?? 0}: ${text.slice(0, 300)}`));
      });
    });
    call.on('error', reject);
  });
}

serve({
  read: ({ url }: { url: string }) => fetchText(url),
  run: ({ urls, inFlight }: { urls: string[]; inFlight: number }) =>
    closedLoop(urls, inFlight, async (url) => {
      await fetchText(url);
    }),
});
