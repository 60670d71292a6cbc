import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import mongoose from 'mongoose';

type WriteCommand = (this: DriverConnection, ...args: unknown[]) => Promise<unknown>;

interface DriverConnection {
  socket: Socket;
}

interface DriverConnectionClass {
  prototype: { writeCommand: WriteCommand };
}

const CONNECTION_FILE = 'mongodb/lib/cmap/connection.js';
let isDone = false;

/**
 * The driver (7.8) waits without any limit when it writes to a socket that is destroyed and whose 'close' is still to come: it
 * listens for 'drain' and 'error' alone. Requests that arrive in the tick in which MongoDB goes away hang so for ever, and keep
 * their connections. Here the end of the socket ends the write.
 */
export function unblockDriver(): void {
  if (isDone) return;
  isDone = true;
  // The driver of Mongoose, whatever other copies are installed; the class stands on no public list.
  const requireDriver = createRequire(import.meta.resolve('mongoose'));
  const { Connection } = requireDriver(CONNECTION_FILE) as { Connection: DriverConnectionClass };
  const { writeCommand } = Connection.prototype;
  Connection.prototype.writeCommand = async function writeUnlessClosed(...args) {
    const closed = Promise.withResolvers<never>();
    const onClose = () => {
      closed.reject(new mongoose.mongo.MongoNetworkError('the connection closed while a command was written'));
    };
    this.socket.once('close', onClose);
    try {
      return await Promise.race([writeCommand.apply(this, args), closed.promise]);
    } finally {
      this.socket.off('close', onClose);
    }
  };
}
