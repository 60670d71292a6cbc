import type { Request, Response } from 'express';
import { metricsRegistry } from '../../infra/observability/index.ts';
import { readiness } from './health.service.ts';

export function getLiveness(_req: Request, res: Response): void {
  res.setHeader('Cache-Control', 'no-store');
  res.status(200).json({ status: 'ok' });
}

/** Public: yes or no. The detail is on the private port. */
export function getReadiness(_req: Request, res: Response): void {
  const { isReady } = readiness();
  res.setHeader('Cache-Control', 'no-store');
  res.status(isReady ? 200 : 503).json({ status: isReady ? 'ok' : 'unavailable' });
}

export function getReadinessDetail(_req: Request, res: Response): void {
  const detail = readiness();
  res.status(detail.isReady ? 200 : 503).json(detail);
}

export async function getMetrics(_req: Request, res: Response): Promise<void> {
  res.setHeader('Content-Type', metricsRegistry.contentType);
  res.status(200).send(await metricsRegistry.metrics());
}
