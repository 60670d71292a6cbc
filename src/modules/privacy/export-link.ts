import { config } from '../../config/index.ts';
import { isEqualMac, macOf } from '../auth/index.ts';

interface LinkParts {
  exportId: string;
  /** Seconds since 1970. */
  expires: number;
}

/** Who has the link has the export: it opens without a token, so that a browser can save it, and only for its time. */
export function exportLink(exportId: string, expiresAt: Date): string {
  const expires = Math.floor(expiresAt.getTime() / 1000);
  const query = new URLSearchParams({ expires: String(expires), signature: signatureOf({ exportId, expires }) });
  return `${config.server.publicUrl}/api/v1/exports/${exportId}?${query.toString()}`;
}

export function isExportSignature(parts: LinkParts, signature: string): boolean {
  return isEqualMac(signatureOf(parts), signature);
}

function signatureOf({ exportId, expires }: LinkParts): string {
  return macOf('export', `${exportId}.${expires}`);
}
