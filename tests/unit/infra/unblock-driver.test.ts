import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { unblockDriver } from '../../../src/infra/mongo/unblock-driver.ts';

type Write = (this: { socket: Socket }, command: object, options: object) => Promise<unknown>;

async function openSocket(): Promise<Socket> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

function driverWrite(): Write {
  const requireDriver = createRequire(import.meta.resolve('mongoose'));
  const driver = requireDriver('mongodb/lib/cmap/connection.js') as {
    Connection: { prototype: { writeCommand: Write } };
  };
  return driver.Connection.prototype.writeCommand;
}

it('a command written between the end of a socket and its close fails, instead of waiting for ever', async () => {
  unblockDriver();
  const socket = await openSocket();
  const command = { toBin: () => Promise.resolve([Buffer.from('a command')]) };
  socket.destroy();
  const written = driverWrite().call({ socket }, command, { agreedCompressor: 'none' });
  await expect(written).rejects.toThrow('the connection closed while a command was written');
});
