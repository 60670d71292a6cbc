import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { blockOutboundConnections } from '../../setup/block-outbound.ts';

describe('blockOutboundConnections', () => {
  it('refuses other hosts, however the connection is made, and fails the test even when nobody looked', async () => {
    const check = blockOutboundConnections(['allowed.invalid']);
    expect(() => connect(443, 'example.com')).toThrow(/tried to connect to example\.com/);
    expect(() => connect({ host: '192.0.2.1', port: 443 })).toThrow(/192\.0\.2\.1/);
    await fetch('http://203.0.113.1/').catch(() => undefined);
    expect(check).toThrow(/example\.com, 192\.0\.2\.1, 203\.0\.113\.1/);
    expect(check).not.toThrow();
  });

  it('lets through this machine', async () => {
    const check = blockOutboundConnections([]);
    for (const target of [{ port: 9 }, { port: 9, host: 'localhost' }, { port: 9, host: '127.0.0.1' }]) {
      const socket = connect(target);
      await new Promise((resolve) => socket.once('error', resolve));
    }
    expect(check).not.toThrow();
  });
});
