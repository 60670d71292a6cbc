// Run by vendor-mongod.ts: downloads the vendor's build of MongoDB for this system into the folder given.
import { MongoBinary } from 'mongodb-memory-server-core';

const downloadDir = process.argv[2];
if (downloadDir === undefined) throw new Error('usage: node download-vendor-mongod.ts <folder>');
await MongoBinary.getPath({ downloadDir, checkMD5: true });
