import type { Request, Response } from 'express';
import { accepted, actorOf, ok, parseRequest, sendFile, sendPage } from '../../http/index.ts';
import * as reports from './admin-reports.service.ts';
import * as documents from './documents.service.ts';
import * as mailedReceipt from './mailed-receipt.service.ts';
import * as orderDocuments from './order-documents.service.ts';
import * as payoutDocuments from './payout-documents.service.ts';
import { toLinkView, toReportView } from './reports.presenter.ts';
import * as routes from './reports.schema.ts';

export async function findReceipt(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.findReceiptRoute.request);
  answerLink(res, await orderDocuments.findOrderDocument({ ...params, kind: 'receipt' }, actorOf(req)));
}

export async function findInvoice(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.findInvoiceRoute.request);
  answerLink(res, await orderDocuments.findOrderDocument({ ...params, kind: 'invoice' }, actorOf(req)));
}

export async function findPayoutDocument(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.findPayoutDocumentRoute.request);
  answerLink(res, await payoutDocuments.findPayoutDocument(params.payoutId, actorOf(req)));
}

export async function openDocument(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.openDocumentRoute.request);
  const { expires = 0, signature = '' } = query;
  const { fileName, mediaType: type, content } = await documents.openDocument({ ...params, expires, signature });
  sendFile(res, { fileName, type, content });
}

export async function openReceipt(req: Request, res: Response): Promise<void> {
  const { params, query } = parseRequest(req, routes.openReceiptRoute.request);
  const { expires = 0, signature = '' } = query;
  const isBrowser = req.accepts(['json', 'html']) === 'html';
  const receipt = await mailedReceipt.openReceipt({ ...params, expires, signature, isBrowser });
  if ('page' in receipt) sendPage(res, receipt);
  else sendFile(res, { ...receipt, type: receipt.mediaType });
}

export async function requestReport(req: Request, res: Response): Promise<void> {
  const { body } = parseRequest(req, routes.requestReportRoute.request);
  accepted(res, toReportView(await reports.requestReport(body, actorOf(req))));
}

export async function getReport(req: Request, res: Response): Promise<void> {
  const { params } = parseRequest(req, routes.getReportRoute.request);
  ok(res, toReportView(await reports.getReport(params.reportId)));
}

function answerLink(res: Response, link: documents.DocumentLink | null): void {
  if (link === null) accepted(res);
  else ok(res, toLinkView(link));
}
