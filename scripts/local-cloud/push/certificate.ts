import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOOPBACK } from '../http.ts';

interface Certificate {
  cert: string;
  key: string;
  /** Where `cert` lies, for who has to trust it. */
  certFile: string;
}

/** Web Push speaks TLS alone, so this folder has a certificate for the loopback address, signed by itself and made once. */
export function loadCertificate(folder: string): Certificate {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  if (!existsSync(certFile) || !existsSync(keyFile)) {
    const { cert, key } = makeCertificate();
    writeFileSync(keyFile, key, { mode: 0o600 });
    writeFileSync(certFile, cert);
  }
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), certFile };
}

/** Node can read X.509 but not write it: RFC 5280 in as many lines as one name and one key need. */
function makeCertificate(): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const name = sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from('QuickBite local cloud')))));
  const always = sequence(tlv(0x17, Buffer.from('250101000000Z')), tlv(0x18, Buffer.from('20991231235959Z')));
  const address = tlv(0x87, Buffer.from(LOOPBACK.split('.').map(Number)));
  const extensions = sequence(
    sequence(oid('551d11'), tlv(0x04, sequence(address))),
    sequence(oid('551d13'), TRUE, tlv(0x04, sequence(TRUE))),
  );
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(8)])),
    ...[algorithm, name, always, name],
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const cert = new X509Certificate(sequence(body, algorithm, signature));
  return { cert: cert.toString(), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

const TRUE = tlv(0x01, Buffer.from([0xff]));

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const length = value.length < 0x80 ? [value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function integer(value: Buffer): Buffer {
  return tlv(0x02, value);
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}
