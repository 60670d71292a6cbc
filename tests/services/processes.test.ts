import { describe, expect, it, onTestFinished } from 'vitest';
import { startProcess, stopProcess, waitForHttp, type Child } from '../../scripts/processes.ts';
import { eventually } from '../support/eventually.ts';

interface Started {
  readonly child: Child;
  readonly lines: string[];
}

async function start(code: string): Promise<Started> {
  const lines: string[] = [];
  const child = await startProcess({ name: 'sample', args: ['-e', code], onLine: (line) => lines.push(line) });
  onTestFinished(async () => {
    await stopProcess(child, 0);
  });
  return { child, lines };
}

describe('a process started by a script', () => {
  it('hands over its lines and gets a TERM to end in order', async () => {
    const { child, lines } = await start(
      `console.log('ready'); process.on('SIGTERM', () => { console.error('closing'); process.exit(7); }); setInterval(() => {}, 1e3);`,
    );
    await eventually(() => {
      expect(lines).toEqual(['ready']);
    });
    expect(await stopProcess(child, 5000)).toBe(7);
    await eventually(() => {
      expect(lines).toEqual(['ready', 'closing']);
    });
  });

  it('is killed when it ignores the TERM beyond the deadline', async () => {
    const { child, lines } = await start(
      `process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1e3);`,
    );
    await eventually(() => {
      expect(lines).toEqual(['ready']);
    });
    expect(await stopProcess(child, 100)).toBe(137);
  });

  it('ends the waiting for its answer when it ends itself', async () => {
    const { child } = await start('process.exit(3)');
    await expect(waitForHttp('http://127.0.0.1:9/', { child })).rejects.toThrow('sample ended with exit code 3');
  });

  it('is waited for until it answers', async () => {
    const { child, lines } = await start(
      `const server = require('node:http').createServer((_, res) => res.end()); setTimeout(() => server.listen(0, '127.0.0.1', () => console.log(server.address().port)), 100);`,
    );
    await eventually(() => {
      expect(lines).toHaveLength(1);
    });
    await waitForHttp(`http://127.0.0.1:${lines[0] ?? ''}/`, { child });
  });
});
